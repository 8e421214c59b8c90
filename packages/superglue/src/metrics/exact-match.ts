import { normalizeAnswer } from './normalize-answer.ts';

/** ReCoRD, one query: 1 if the prediction equals one of the right answers after normalisation, else 0. */
export function exactMatch(predicted: string, golds: readonly string[]): number {
  return golds.some((gold) => normalizeAnswer(gold) === normalizeAnswer(predicted)) ? 1 : 0;
}
