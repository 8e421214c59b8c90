import { addedTokenSplitter } from './added-tokens.ts';
import { createBpe } from './models/bpe-model.ts';
import type { TokenModel } from './models/token-model.ts';
import { createUnigram } from './models/unigram-model.ts';
import { createWordPiece } from './models/word-piece-model.ts';
import { createNormalizer } from './normalizers/create-normalizer.ts';
import { createPreTokenizer } from './pre-tokenizers/create-pre-tokenizer.ts';
import { type AlignedText, alignText } from './text/aligned-text.ts';
import type { TokenizerJson } from './tokenizer-json.ts';

/** A token, its place [start, end) in the text, and the characters of the vocabulary it is written with. */
export interface EncodedToken {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly chars: readonly string[];
}

export interface Encoder {
  /** With `isSpecialText` the names of special tokens are ordinary characters. */
  encode(text: string, options: { readonly isSpecialText: boolean }): EncodedToken[];
  /** The words a text is cut into before they become tokens. */
  words(text: string): readonly AlignedText[];
}

/**
 * Text to tokens as the `tokenizers` library does it: added tokens are cut out, the rest is normalised and cut into
 * words, each word into tokens. Every character carries the span it came from.
 *
 * @throws Error when the parts of the file do not fit together
 */
export function createEncoder(json: TokenizerJson): Encoder {
  const normalize = json.normalizer === null ? (text: AlignedText) => text : createNormalizer(json.normalizer);
  const preTokenize =
    json.pre_tokenizer === null ? (text: AlignedText) => [text] : createPreTokenizer(json.pre_tokenizer);
  const splitRaw = addedTokenSplitter(json.added_tokens.filter(({ normalized }) => !normalized));
  const splitNormalized = addedTokenSplitter(
    json.added_tokens.filter(({ normalized }) => normalized),
    normalize,
  );
  const model = createModel(json);
  const encode: Encoder['encode'] = (text, options) =>
    splitRaw(alignText(text.replace(loneSurrogates, '\ufffd')), options)
      .flatMap((section) => (section.id === undefined ? splitNormalized(normalize(section.text), options) : [section]))
      .flatMap(({ text: part, id }) =>
        id === undefined ? preTokenize(part).flatMap((word) => tokensOf(word, model)) : [wholeToken(part, id)],
      );
  return { encode, words: (text) => preTokenize(normalize(alignText(text))) };
}

const loneSurrogates = /\p{Cs}/gu;

function createModel({ model, added_tokens: added }: TokenizerJson): TokenModel {
  switch (model.type) {
    case 'WordPiece':
      return createWordPiece(model);
    case 'BPE':
      return createBpe(model);
    case 'Unigram':
      return createUnigram(model, new Set(added.filter(({ special }) => special).map(({ content }) => content)));
    default:
      return model satisfies never;
  }
}

function tokensOf(word: AlignedText, model: TokenModel): EncodedToken[] {
  if (word.chars.length === 0) return [];
  return model(word.chars).map(({ id, start, end }) => ({
    id,
    start: word.starts[start]!,
    end: word.ends[end - 1]!,
    chars: word.chars.slice(start, end),
  }));
}

function wholeToken({ chars, starts, ends }: AlignedText, id: number): EncodedToken {
  return { id, start: starts[0]!, end: ends.at(-1)!, chars };
}
