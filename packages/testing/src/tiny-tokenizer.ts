import { createTokenizer, type Tokenizer, wordPieceTokenizerJson } from '@attune/core';

/** Ids 5 to 49; the five special tokens are before them, so the vocabulary has tinyBert's 50 tokens. */
const words = [
  ...['the', 'a', 'is', 'was', 'not', 'in', 'on', 'and', 'or', 'it', 'he', 'she', 'they', 'who', 'what'],
  ...['yes', 'no', 'true', 'false', 'same', 'because', 'so', 'maybe', 'question', 'answer', 'word'],
  ...['bridge', 'garden', 'boat', 'lamp', 'red', 'old', '##s', '##ed', '##ing', '.', ',', '?', '!', '"', "'", '-'],
  ...['(', ')', '##er'],
];

/** A lower-casing WordPiece tokenizer over 50 tokens, in memory. Words it does not know become one [UNK]. */
export function tinyTokenizer(): Tokenizer {
  return createTokenizer({ tokenizer: wordPieceTokenizerJson(words), where: 'tiny tokenizer' });
}
