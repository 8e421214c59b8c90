import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetError } from '@attune/base';
import { findSplitFile } from '@attune/base/node';
import type { Task } from '@attune/core';

const KNOWN_SPLITS = ['train', 'val', 'test', 'dev32', 'unlabeled'];

/**
 * The file of a task's split, by the rules of `findSplitFile`, which `attune run` goes by, too.
 *
 * @returns undefined when the task's folder is there but has no such split
 * @throws DatasetError when the data directory is missing, empty or has other names than expected
 */
export function resolveSplitFile(
  dataDirectory: string,
  task: Pick<Task, 'directory'>,
  split: string,
): string | undefined {
  const expected = `expected a folder "${task.directory}" (in any case) holding files such as train.jsonl and val.jsonl`;
  const folders = list(dataDirectory, expected);
  const folder = folders.find((name) => name.toLowerCase() === task.directory.toLowerCase());
  if (folder === undefined) throw new DatasetError(`${dataDirectory}: ${expected}; found ${summary(folders)}`);
  const file = findSplitFile(dataDirectory, task.directory, split);
  const directory = join(dataDirectory, folder);
  const files = list(directory, 'expected files such as train.jsonl and val.jsonl');
  const isKnown = KNOWN_SPLITS.some((known) => findSplitFile(dataDirectory, task.directory, known) !== undefined);
  if (file !== undefined || isKnown) return file;
  throw new DatasetError(`${directory}: expected ${split}.jsonl; found ${summary(files)}`);
}

function list(directory: string, expected: string): string[] {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new DatasetError(`${directory}: there is no such directory; ${expected}`);
  }
  return readdirSync(directory).sort();
}

function summary(entries: readonly string[]): string {
  if (entries.length === 0) return 'an empty directory';
  const shown = entries.slice(0, 10).join(', ');
  return entries.length > 10 ? `${shown} and ${entries.length - 10} more` : shown;
}
