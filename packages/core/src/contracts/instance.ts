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
