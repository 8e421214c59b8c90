import { DatasetError, type Tokenizer } from '@attune/core';

/** Among which tokens the answer is sought, and which of them each word is. */
interface AnswerVocabulary {
  /** Token ids, ascending. */
  readonly ids: readonly number[];
  /** The word's place in `ids`; undefined when the word is no single token of it. */
  indexOf(word: string): number | undefined;
}

/**
 * The words that are one token of the model, as they stand in the middle of a sentence.
 *
 * @throws DatasetError when none is
 */
export function answerVocabulary(words: readonly string[], tokenizer: Tokenizer): AnswerVocabulary {
  const idOf = (word: string): number | undefined => {
    const ids = tokenizer.encode(word, { afterSpace: true });
    return ids.length === 1 && ids[0] !== tokenizer.specialIds.unk ? ids[0] : undefined;
  };
  const known = new Map(
    [...new Set(words)].flatMap((word) => {
      const id = idOf(word);
      return id === undefined ? [] : [[word, id] as const];
    }),
  );
  const ids = [...new Set(known.values())].sort((a, b) => a - b);
  if (ids.length === 0) {
    const some = words
      .slice(0, 3)
      .map((word) => `"${word}"`)
      .join(', ');
    throw new DatasetError(
      `vocabulary: none of its ${words.length} words is a single token of the model, e.g. ${some}`,
    );
  }
  const places = new Map(ids.map((id, place) => [id, place]));
  return { ids, indexOf: (word) => places.get(known.get(word) ?? -1) };
}
