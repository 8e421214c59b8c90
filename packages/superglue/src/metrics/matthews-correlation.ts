/**
 * Matthews correlation of two classes (AX-b):
 * (tp tn - fp fn) / sqrt((tp + fp)(tp + fn)(tn + fp)(tn + fn)), and 0 when the root is 0. In [-1, 1].
 * Which class is called positive does not matter.
 */
export function matthewsCorrelation(
  gold: readonly string[],
  predicted: readonly (string | undefined)[],
  positive: string,
): number {
  const counts = { tp: 0, tn: 0, fp: 0, fn: 0 };
  for (const [index, answer] of gold.entries()) {
    const said = predicted[index] === positive;
    if (answer === positive) counts[said ? 'tp' : 'fn'] += 1;
    else counts[said ? 'fp' : 'tn'] += 1;
  }
  return matthewsFromCounts(counts);
}

/** The same from the four counts. */
export function matthewsFromCounts({ tp, tn, fp, fn }: { tp: number; tn: number; fp: number; fn: number }): number {
  const product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
  return product === 0 ? 0 : (tp * tn - fp * fn) / Math.sqrt(product);
}
