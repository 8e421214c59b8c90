import { accuracy } from '../metrics/accuracy.ts';
import type { LabelledItem } from './item.ts';

/** A task's answers by label name, in the order of `items`; undefined where none was given. */
export interface Answers {
  readonly gold: readonly string[];
  readonly predicted: readonly (string | undefined)[];
  readonly items: readonly LabelledItem[];
}

/** What a task's answers are measured by. */
export interface Scoring {
  readonly metrics: readonly string[];
  readonly measure: (answers: Answers) => Readonly<Record<string, number>>;
  /** Exact expectation of the metrics when every label is equally likely for every item. */
  readonly chance: (items: readonly LabelledItem[]) => Readonly<Record<string, number>>;
}

/** The share of right answers, by chance one over the number of labels. */
export function accuracyScoring(numLabels: number): Scoring {
  return {
    metrics: ['accuracy'],
    measure: ({ gold, predicted }) => ({ accuracy: accuracy(gold, predicted) }),
    chance: () => ({ accuracy: 1 / numLabels }),
  };
}
