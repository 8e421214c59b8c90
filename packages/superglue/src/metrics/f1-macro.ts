import { f1 } from './f1.ts';

/**
 * Unweighted mean of the classes' F1 (CB). A class that occurs in neither gold nor predictions counts 0, as in the
 * benchmark authors' code; scikit-learn would leave it out of the mean.
 */
export function f1Macro(
  gold: readonly string[],
  predicted: readonly (string | undefined)[],
  classes: readonly string[],
): number {
  return classes.reduce((sum, label) => sum + f1(gold, predicted, label), 0) / classes.length;
}
