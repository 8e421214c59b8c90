import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readDataFile } from '@attune/base/node';
import type { Task } from '@attune/core';
import { resolveSplitFile } from '../src/node/resolve-split-file.ts';

const ownFolder = fileURLToPath(new URL('./fixtures/few-rows', import.meta.url));
const originalFolder =
  process.env.ATTUNE_FEWGLUE ?? fileURLToPath(new URL('../../../../../shared/data/FewGLUE_32dev', import.meta.url));

/** Rows of every task in the official files' form. */
export interface FewRows {
  readonly source: 'invented' | 'original';
  /** Rows of a split, none when the source lacks it. */
  readonly rowsOf: <Row>(task: Task<Row>, split: string) => Promise<readonly Row[]>;
}

function fewRows(source: FewRows['source'], folder: string): FewRows {
  return {
    source,
    rowsOf: async (task, split) => {
      const file = resolveSplitFile(folder, task, split);
      return file === undefined ? [] : task.parseRows(await readDataFile(file), file);
    },
  };
}

/**
 * Invented rows, which show the official files' oddities (offsets in characters, WSC positions that are off by one,
 * ids written as strings, questions without a right answer), and the original few-shot files where they lie: these
 * are not part of the repository.
 */
export const fewRowSources: readonly FewRows[] = [
  fewRows('invented', ownFolder),
  ...(existsSync(originalFolder) ? [fewRows('original', originalFolder)] : []),
];
