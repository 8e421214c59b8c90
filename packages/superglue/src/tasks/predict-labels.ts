import type { InstanceOutput, Prediction } from '@attune/core';
import type { Item } from './item.ts';

/** One prediction per item: the label with the highest score, the first one on ties. */
export function predictLabels(
  items: readonly Item[],
  outputs: readonly InstanceOutput[],
  labels: readonly string[],
): Prediction[] {
  return items.map((item, index) => {
    const { scores } = outputs[index]!;
    return prediction(item, labels, labels[indexOfMax(scores)]!, scores);
  });
}

/** An answer to an item, with the right one where it is known. */
export function prediction(
  item: Item,
  labels: readonly string[],
  predicted: string,
  scores: readonly number[] = [],
): Prediction {
  return {
    id: item.id,
    predicted,
    ...(item.label === undefined ? {} : { gold: labels[item.label]! }),
    ...(scores.length === 0 ? {} : { scores: [...scores] }),
  };
}

/** Where the highest score is, the first one on ties. */
export function indexOfMax(scores: readonly number[]): number {
  return scores.reduce((best, score, index) => (score > scores[best]! ? index : best), 0);
}
