/**
 * Right answers over all items. An item without a prediction counts as wrong.
 *
 * @param gold       one answer per item
 * @param predicted  in the same order
 */
export function accuracy(gold: readonly string[], predicted: readonly (string | undefined)[]): number {
  return gold.filter((answer, index) => answer === predicted[index]).length / gold.length;
}
