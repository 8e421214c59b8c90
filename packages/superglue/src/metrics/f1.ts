/**
 * F1 of one class against the rest, pooled over items: 2 tp / (2 tp + fp + fn), and 0 when that is 0 / 0.
 * An item without a prediction is a miss of its class.
 */
export function f1(gold: readonly string[], predicted: readonly (string | undefined)[], positive: string): number {
  let hits = 0;
  let errors = 0;
  for (const [index, answer] of gold.entries()) {
    const isPositive = answer === positive;
    const saidPositive = predicted[index] === positive;
    if (isPositive && saidPositive) hits += 1;
    else if (isPositive || saidPositive) errors += 1;
  }
  return hits === 0 ? 0 : (2 * hits) / (2 * hits + errors);
}
