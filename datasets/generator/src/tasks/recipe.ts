import type { RowParts } from '../corpus/overlap.ts';
import type { Random } from '../random.ts';
import type { Scope, World } from '../world.ts';

/** How one task's rows come about. Rows are in the task's SuperGLUE form, without ids. */
export interface TaskRecipe<Row = unknown> {
  /** Folder name of the official archive. */
  readonly directory: string;
  /** Number of answers that rows are balanced over. */
  readonly answers: number;
  sample(call: SampleCall): Row;
  /** Texts that together make the row: no other row has the same, and no line of the corpus has all of them. */
  parts(row: Row): RowParts;
  /** The row as a filled-in cloze, for the corpus. */
  tell(row: Row, random: Random): string;
  /** The row with its official ids, in the official key order; test rows lose their answers. */
  finish(row: Row, ids: RowIds): unknown;
}

export interface SampleCall {
  readonly world: World;
  readonly random: Random;
  readonly scope: Scope;
  /** The answer this row shall have, in [0, answers). */
  readonly answer: number;
}

/** Counters of a split; nested ids count through the whole split. */
export interface RowIds {
  readonly row: number;
  readonly withAnswers: boolean;
  nextQuestion(): number;
  nextAnswer(): number;
}

/** Rows of each split. */
export const splitSizes = { train: 1000, dev: 96, val: 400, test: 200 } as const;
type Split = keyof typeof splitSizes;
export const splits = Object.keys(splitSizes) as Split[];
