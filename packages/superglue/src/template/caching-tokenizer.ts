import type { Tokenizer } from '@attune/core';

/** The same tokenizer, remembering what it encoded: candidates of one passage share all their texts but one. */
export function cachingTokenizer(tokenizer: Tokenizer): Tokenizer {
  const encoded = new Map<string, number[]>();
  return {
    vocabSize: tokenizer.vocabSize,
    specialIds: tokenizer.specialIds,
    paddingSide: tokenizer.paddingSide,
    layout: tokenizer.layout,
    decode: (ids) => tokenizer.decode(ids),
    tokenToId: (token) => tokenizer.tokenToId(token),
    encode: (text, options) => {
      const key = `${Number(options?.afterSpace ?? false)}${text}`;
      const ids = encoded.get(key) ?? tokenizer.encode(text, options);
      encoded.set(key, ids);
      return ids;
    },
  };
}
