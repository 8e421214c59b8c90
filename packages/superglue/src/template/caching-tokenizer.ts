import type { Tokenizer } from '@attune/core';

/** The same tokenizer, remembering what it encoded: candidates of one passage share all their texts but one. */
export function cachingTokenizer(tokenizer: Tokenizer): Tokenizer {
  const encoded = new Map<string, number[]>();
  return {
    vocabSize: tokenizer.vocabSize,
    specialIds: tokenizer.specialIds,
    decode: (ids) => tokenizer.decode(ids),
    tokenToId: (token) => tokenizer.tokenToId(token),
    encode: (text) => {
      const ids = encoded.get(text) ?? tokenizer.encode(text);
      encoded.set(text, ids);
      return ids;
    },
  };
}
