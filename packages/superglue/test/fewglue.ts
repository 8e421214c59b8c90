import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Task } from '@attune/core';
import { readDataFile } from '@attune/core/node';
import { resolveSplitFile } from '../src/node.ts';

const besideRepository = new URL('../../../../shared/data/FewGLUE_32dev', import.meta.url);

/** Folder with the original few-shot files; they are not part of the repository. */
export const fewglue = process.env.ATTUNE_FEWGLUE ?? fileURLToPath(besideRepository);
export const hasFewglue = existsSync(fewglue);

/** Rows of a split, none when the release lacks it. */
export async function rowsOf<Row>(task: Task<Row>, split: string): Promise<readonly Row[]> {
  const file = resolveSplitFile(fewglue, task, split);
  return file === undefined ? [] : task.parseRows(await readDataFile(file), file);
}
