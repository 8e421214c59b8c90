import type { Random } from '../random.ts';
import type { Scope, World } from '../world.ts';

/** How one task's rows come about. Rows are in the task's SuperGLUE form, without ids. */
export interface TaskRecipe<Row = unknown> {
  /** Folder name of the official archive. */
  readonly directory: string;
  readonly sizes: Readonly<Record<Split, number>>;
  /** Number of answers that rows are balanced over. */
  readonly answers: number;
  sample(call: SampleCall): Row;
  /** What makes two rows the same; no two rows of any split share it. */
  key(row: Row): string;
  /** The row as a filled-in cloze, for the corpus; undefined for rows that cannot be told so. */
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

export const splits = ['train', 'dev', 'val', 'test'] as const;
export type Split = (typeof splits)[number];
