import { f1 } from './f1.ts';

/**
 * MultiRC's F1a: the answers of all questions pooled, positive class "1". Not a mean over questions, and 0 when
 * nothing is positive, where the data set's first script gave 1.
 */
export function f1Answer(gold: readonly string[], predicted: readonly (string | undefined)[]): number {
  return f1(gold, predicted, '1');
}
