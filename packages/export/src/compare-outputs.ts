import type { InstanceOutput } from '@attune/core';

/** Scores whose relative or absolute difference is at most this count as the same. */
export const outputTolerance = 1e-4;

/** The largest difference of two scores, relative where they exceed 1; infinite where other tokens were filled in. */
export function largestDifference(actual: readonly InstanceOutput[], expected: readonly InstanceOutput[]): number {
  const differences = expected.flatMap((output, index) => {
    const other = actual[index]!;
    if (output.filledIds?.join() !== other.filledIds?.join()) return [Number.POSITIVE_INFINITY];
    return output.scores.map((score, at) => Math.abs(score - other.scores[at]!) / Math.max(1, Math.abs(score)));
  });
  return differences.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(0, ...differences);
}
