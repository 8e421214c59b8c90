import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Instance, InstanceKind, InstanceOutput } from './instance.ts';
import type { Model } from './model.ts';

/** How a task is posed: to a classification head, or as a cloze to the head of pre-training. */
export type Formulation = 'head' | 'cloze';

/** A task is data where possible: fields, labels, templates, metrics, version. */
export interface Task<Row = unknown> {
  /** Lower-case name, e.g. "boolq". */
  readonly name: string;
  readonly version: number;
  /** Folder name of the official archive, e.g. "BoolQ". */
  readonly directory: string;
  /** Metric names in reporting order; the task score is their mean. Fractions in [0, 1]. */
  readonly metrics: readonly string[];
  readonly formulations: readonly Formulation[];
  /** Reads one JSONL file as it is. @throws DatasetError with file and line. */
  readRows(file: string): Promise<readonly Row[]>;
  /** Instances of rows. Training may add (mirrored COPA), drop (negative WSC in a cloze) or cap (ReCoRD) some. */
  formulate(call: FormulateCall<Row>): Formulated<Row>;
  /** Metrics of predictions against the rows' gold answers. */
  score(rows: readonly Row[], predictions: readonly Prediction[]): Readonly<Record<string, number>>;
  /** What always giving the most frequent training answer gets. */
  majority(trainRows: readonly Row[], rows: readonly Row[]): Readonly<Record<string, number>>;
  /** Expected metrics of a uniform guess among the allowed answers. */
  chance(rows: readonly Row[]): Readonly<Record<string, number>>;
}

/** Rows to pose to a model, and all that decides how; the same call gives the same instances. */
export interface FormulateCall<Row> {
  readonly rows: readonly Row[];
  readonly purpose: 'train' | 'evaluate';
  readonly formulation: Formulation;
  /** Pattern name; the first of the task that suits the model when absent. */
  readonly pattern?: string;
  readonly tokenizer: Tokenizer;
  /** What the model's head predicts; masked when absent. A causal one needs patterns that end with their mask. */
  readonly languageModel?: Model['languageModel'];
  readonly maxLength: number;
  readonly numVirtualTokens: number;
  /** Seeds choices a formulation makes (WSC's extra masks, ReCoRD's wrong candidates). */
  readonly seed: number;
}

/** Rows as instances, and the way back from outputs to answers. */
export interface Formulated<Row> {
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
  readonly gold?: string;
  readonly scores?: readonly number[];
}
