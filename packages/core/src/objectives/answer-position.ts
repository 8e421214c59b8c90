import type { Model } from '../contracts/model.ts';
import { DatasetError } from '../errors.ts';

/**
 * Where a language model answers for a position of a sequence: there, or at the position before when it predicts the
 * next token and sees nothing of the one that is asked for.
 *
 * @throws DatasetError for the first position of a causal model, which nothing comes before
 */
export function answerPosition({ languageModel }: Pick<Model, 'languageModel'>, position: number): number {
  if (languageModel !== 'causal') return position;
  if (position > 0) return position - 1;
  throw new DatasetError(
    'collate: a causal language model has no answer for the first position; put a token before the mask',
  );
}
