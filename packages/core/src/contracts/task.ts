import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Instance, InstanceKind, InstanceOutput } from './instance.ts';
import type { Model } from './model.ts';

/** How a task is posed: to a classification head, or as a cloze that the language model fills in. */
export type Formulation = 'head' | 'cloze';

/**
 * A task is data where possible, and owns all of it: labels, patterns, an example row, metrics, version. What lists
 * tasks asks them for it, so that a new task is a file and a line.
 */
export interface Task<Row = unknown> {
  /** Lower-case name, e.g. "boolq". */
  readonly name: string;
  /** Goes up when what the task computes from the same rows changes. */
  readonly version: number;
  /** Folder name of the official archive, e.g. "BoolQ". */
  readonly directory: string;
  /** In reporting order; the task score is the mean of their values. */
  readonly metrics: readonly TaskMetric<Row>[];
  /** The ways it can be posed. */
  readonly formulations: readonly Formulation[];
  /** Rows of one JSONL file, as they are. @param file  names it in messages. @throws DatasetError with file and line. */
  parseRows(bytes: Uint8Array, file: string): readonly Row[];
  /** Ways to write it as a cloze by name, the default first; empty where it has none. */
  readonly patterns: Readonly<Record<string, TaskPattern>>;
  /** A small labelled row of our own making, in the form of the task's files: for tests and documents. */
  readonly exampleRow: Row;
  /** Instances of rows. Training may add (mirrored COPA), drop (negative WSC in a cloze) or cap (ReCoRD) some. */
  formulate(call: FormulateCall<Row>): Formulated<Row>;
  /** Every metric of predictions against the rows' gold answers, by name. */
  score(rows: readonly Row[], predictions: readonly Prediction[]): Readonly<Record<string, number>>;
  /** What always giving the most frequent training answer gets. */
  majority(trainRows: readonly Row[], rows: readonly Row[]): Readonly<Record<string, number>>;
  /** Expected metrics of a uniform guess among the allowed answers. */
  chance(rows: readonly Row[]): Readonly<Record<string, number>>;
}

/** One number that answers are measured by. */
export interface TaskMetric<Row = unknown> {
  /** As the benchmark has it, e.g. "f1Macro". */
  readonly name: string;
  /** Of predictions against the rows' gold answers; a fraction in [0, 1] (a correlation: in [-1, 1]). */
  measure(rows: readonly Row[], predictions: readonly Prediction[]): number;
}

/** One way to write a task as a cloze. */
export interface TaskPattern {
  /** The text as written, with fields, masks and slots for pseudo tokens. */
  readonly template: { readonly source: string };
  /** Words of each label in id order; absent where candidates are spelled out. */
  readonly words?: readonly (readonly string[])[];
}

/** Rows to turn into instances, and what the instances depend on. */
export interface FormulateCall<Row> {
  readonly rows: readonly Row[];
  /** Training needs labels and may choose among rows; evaluation keeps every row. */
  readonly purpose: 'train' | 'evaluate';
  readonly formulation: Formulation;
  /** Pattern name; the first of the task that suits the model when absent. */
  readonly pattern?: string;
  /** The model's. */
  readonly tokenizer: Tokenizer;
  /** What the model's head predicts; masked when absent. A causal one needs patterns that end with their mask. */
  readonly languageModel?: Model['languageModel'];
  /** Longest sequence, in tokens; texts are shortened to it. */
  readonly maxLength: number;
  /** Pseudo tokens that the method asks for in each sequence. */
  readonly numVirtualTokens: number;
  /** Seeds choices a formulation makes (WSC's extra masks, ReCoRD's wrong candidates). */
  readonly seed: number;
}

/** Rows as instances, and the way back from a model's outputs to answers. */
export interface Formulated<Row> {
  /** Of every instance. */
  readonly kind: InstanceKind;
  readonly instances: readonly Instance[];
  /** For classification and cloze: label names in id order. */
  readonly labels: readonly string[];
  /** For cloze: token ids of each label's words. */
  readonly verbalizer?: readonly (readonly number[])[];
  /** One prediction per row item (row, answer or query), from the outputs of `instances` in order. */
  predict(rows: readonly Row[], outputs: readonly InstanceOutput[]): readonly Prediction[];
}

/** One answer: the id path of an item (row; or passage, question, answer) and what was predicted for it. */
export interface Prediction {
  readonly id: string;
  readonly predicted: string;
  /** The right answer; absent where the row has none. */
  readonly gold?: string;
  /** Of each possible answer, as the objective gives them; absent where answers are written freely. */
  readonly scores?: readonly number[];
}
