import type { Prediction, TaskMetric } from '@attune/core';
import { accuracy } from '../metrics/accuracy.ts';
import type { LabelledItem } from './item.ts';

/** A task's answers by label name, in the order of `items`; undefined where none was given. */
export interface Answers {
  readonly gold: readonly string[];
  readonly predicted: readonly (string | undefined)[];
  readonly items: readonly LabelledItem[];
}

/** A metric of answers that are labels. */
export interface LabelMetric {
  /** As the benchmark has it, e.g. "f1Macro". */
  readonly name: string;
  readonly measure: (answers: Answers) => number;
  /** Its exact expectation when every label is equally likely for every item. */
  readonly chance: (items: readonly LabelledItem[]) => number;
}

/** The share of right answers, by chance one over the number of labels. */
export function accuracyOf(numLabels: number): LabelMetric {
  return {
    name: 'accuracy',
    measure: ({ gold, predicted }) => accuracy(gold, predicted),
    chance: () => 1 / numLabels,
  };
}

/** Every metric of predictions, by name in reporting order. */
export function scoresOf<Row>(
  metrics: readonly TaskMetric<Row>[],
  rows: readonly Row[],
  predictions: readonly Prediction[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(metrics.map((metric) => [metric.name, metric.measure(rows, predictions)]));
}

/** What every metric is expected to be by chance, by name in reporting order. */
export function chanceOf<Items>(
  metrics: readonly { readonly name: string; readonly chance: (items: Items) => number }[],
  items: Items,
): Readonly<Record<string, number>> {
  return Object.fromEntries(metrics.map(({ name, chance }) => [name, chance(items)]));
}
