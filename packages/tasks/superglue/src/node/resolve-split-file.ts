import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetError } from '@attune/base';
import type { Task } from '@attune/core';

/** Names that stand for the same split in different releases. */
const SYNONYMS: readonly (readonly string[])[] = [['val', 'dev', 'validation']];
const KNOWN_SPLITS = ['train', 'val', 'dev', 'validation', 'test', 'dev32', 'unlabeled'];

/**
 * The file of a task's split, e.g. `<data>/BoolQ/val.jsonl`. Folder and file names match in any case, and `val`,
 * `dev` and `validation` stand for one another (the exact name wins).
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
  const folder = findEntry(list(dataDirectory, expected), [task.directory]);
  if (folder === undefined) {
    throw new DatasetError(`${dataDirectory}: ${expected}; found ${summary(list(dataDirectory, expected))}`);
  }
  const directory = join(dataDirectory, folder);
  const files = list(directory, `expected files such as train.jsonl and val.jsonl`);
  const wanted = [split, ...(SYNONYMS.find((names) => names.includes(split)) ?? [])];
  const file = findEntry(files, wanted.map(fileName));
  if (file === undefined && findEntry(files, KNOWN_SPLITS.map(fileName)) === undefined) {
    throw new DatasetError(`${directory}: expected ${wanted.map(fileName).join(' or ')}; found ${summary(files)}`);
  }
  return file === undefined ? undefined : join(directory, file);
}

function fileName(split: string): string {
  return `${split}.jsonl`;
}

function list(directory: string, expected: string): string[] {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new DatasetError(`${directory}: there is no such directory; ${expected}`);
  }
  return readdirSync(directory).sort();
}

/** The first wanted name that is there: exactly, else ignoring case. */
function findEntry(entries: readonly string[], wanted: readonly string[]): string | undefined {
  for (const name of wanted) {
    const exact = entries.find((entry) => entry === name);
    const match = exact ?? entries.find((entry) => entry.toLowerCase() === name.toLowerCase());
    if (match !== undefined) return match;
  }
  return undefined;
}

function summary(entries: readonly string[]): string {
  if (entries.length === 0) return 'an empty directory';
  const shown = entries.slice(0, 10).join(', ');
  return entries.length > 10 ? `${shown} and ${entries.length - 10} more` : shown;
}
