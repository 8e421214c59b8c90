import type { Tokenizer } from '@attune/tokenizer';
import type { Model } from './model.ts';

/**
 * What a task hands to training and evaluation: token ids and what to do at which positions. A task's
 * formulation (classification head or cloze) is decided here, a method never sees it.
 */
export interface EncodedSequence {
  readonly inputIds: readonly number[];
  readonly tokenTypeIds: readonly number[];
  /** Positions of the mask tokens, ascending. */
  readonly maskPositions: readonly number[];
  /** Positions of the pseudo tokens: the k-th gets the prompt encoder's output k. */
  readonly virtualTokenPositions: readonly number[];
}

/** A classification head over one sequence: logits [numLabels]. */
export interface ClassificationInstance {
  readonly kind: 'classification';
  readonly sequence: EncodedSequence;
  readonly label?: number;
}

/** A one-logit head over each of k sequences, softmax over them: logits [k]. All of a task have the same k. */
export interface ChoiceInstance {
  readonly kind: 'choice';
  readonly sequences: readonly EncodedSequence[];
  readonly label?: number;
}

/** One mask; a label's score is the mean raw logit of its words (PET): scores [numLabels]. */
export interface ClozeInstance {
  readonly kind: 'cloze';
  readonly sequence: EncodedSequence;
  readonly label?: number;
}

/**
 * Candidates spelled out at masks: candidate c fills the masks of its own sequence with `targets[c]`.
 * Score of c: sum over its masks of log p(token). Training: hinge against the right one (PET).
 */
export interface CandidatesInstance {
  readonly kind: 'candidates';
  readonly sequences: readonly EncodedSequence[];
  readonly targets: readonly (readonly number[])[];
  /** Index of the right candidate. */
  readonly label?: number;
}

/**
 * Masks filled with the best tokens of the whole vocabulary (WSC in PET). Training: cross-entropy with
 * `targets` (one id per mask). Prediction: the ids of a greedy fill, most confident mask first.
 */
export interface FillInstance {
  readonly kind: 'fill';
  readonly sequence: EncodedSequence;
  readonly targets?: readonly number[];
}

/** One example as an objective reads it; `kind` says which objective. */
export type Instance = ClassificationInstance | ChoiceInstance | ClozeInstance | CandidatesInstance | FillInstance;
/** The five kinds, one objective each. */
export type InstanceKind = Instance['kind'];

/** What evaluation returns for one instance: scores per label or candidate, or the filled ids. */
export interface InstanceOutput {
  readonly scores: readonly number[];
  readonly filledIds?: readonly number[];
}

/**
 * How a task is posed. `head`: a new head over whole sequences, for classification or choice, is trained to answer it.
 * `cloze`: the row is written into a pattern, and the language model's own head fills its masks.
 */
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
  /**
   * Of predictions against the rows' gold answers; a fraction in [0, 1] (a correlation: in [-1, 1]). NaN where rows have
   * nothing that it measures: checkpoints are selected by the other metrics then, and such rows are not reported.
   */
  measure(rows: readonly Row[], predictions: readonly Prediction[]): number;
}

/** One way to write a task as a cloze. */
interface TaskPattern {
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
