import { answerWords } from './normalize-answer.ts';

/**
 * ReCoRD, one query: the best F1 between the prediction's words and a right answer's, as multisets, after
 * normalisation. Without a common word it is 0, even when both are empty.
 */
export function f1Token(predicted: string, golds: readonly string[]): number {
  return Math.max(0, ...golds.map((gold) => overlapF1(answerWords(predicted), answerWords(gold))));
}

function overlapF1(predicted: readonly string[], gold: readonly string[]): number {
  const left = [...gold];
  let common = 0;
  for (const word of predicted) {
    const at = left.indexOf(word);
    if (at < 0) continue;
    left.splice(at, 1);
    common += 1;
  }
  return common === 0 ? 0 : (2 * common) / (predicted.length + gold.length);
}
