import type { EncodedSequence } from '@attune/core';
import type { Tokenizer } from '@attune/tokenizer';

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

/**
 * A lower-casing tokenizer for tests: one token per word and per punctuation mark. With a list of words anything else
 * is unknown; without one the vocabulary grows as it reads.
 */
export function wordTokenizer(words?: readonly string[]): Tokenizer {
  const tokens = [...SPECIAL, ...(words ?? [])];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const idOf = (token: string) => {
    if (words === undefined && !ids.has(token)) ids.set(token, tokens.push(token) - 1);
    return ids.get(token) ?? 1;
  };
  const encode = (text: string) => (text.toLowerCase().match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? []).map(idOf);
  return {
    vocabSize: 1000,
    specialIds: { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 },
    paddingSide: 'right',
    layout: {
      single: { prefix: [2], suffix: [3] },
      pair: { prefix: [2], joiner: [3], suffix: [3], joinerTokenTypes: [0] },
      secondTokenType: 1,
    },
    encode,
    decode: (own) => own.map((id) => tokens[id]).join(' '),
    tokenToId: (token) => ids.get(token),
  };
}

/** A sequence as text: tokens with `[P]` at pseudo tokens and `||` where the second segment begins. */
export function show({ inputIds, tokenTypeIds, maskPositions, virtualTokenPositions }: EncodedSequence, of: Tokenizer) {
  const words = inputIds.map((id, position) => {
    const word = virtualTokenPositions.includes(position) ? '[P]' : of.decode([id]);
    const isMask = maskPositions.includes(position);
    if (isMask !== (word === '[MASK]')) throw new Error(`position ${position}: ${word} against maskPositions`);
    const starts = tokenTypeIds[position] === 1 && tokenTypeIds[position - 1] === 0;
    return starts ? `|| ${word}` : word;
  });
  return words.join(' ');
}
