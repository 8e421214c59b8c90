import { checkSchema, usable } from './check-schema.ts';
import { createEncoder, type Encoder } from './create-encoder.ts';
import { Tokenizer as LibraryTokenizer } from './library.ts';
import { namedEnds, sequenceLayout } from './sequence-layout.ts';
import { findSpecialIds, tokenizerConfigSchema } from './special-ids.ts';
import type { Tokenizer } from './tokenizer.ts';
import { type TokenizerJson, tokenizerJsonSchema } from './tokenizer-json.ts';
import { createOffsetTrimmer } from './trim-offsets.ts';

export interface TokenizerFiles {
  /** Parsed tokenizer.json. */
  readonly tokenizer: unknown;
  /** Parsed tokenizer_config.json; tells the special tokens' names where they are not the usual ones. */
  readonly config?: unknown;
  /** Where the files are, for messages. */
  readonly where?: string;
}

/**
 * A tokenizer from Hugging Face's files. Special ids are found by name in the vocabulary.
 *
 * `encode` reads a special token's name in a text, say "[MASK]" in a dataset's row, as ordinary characters: only a
 * formulation places special tokens.
 *
 * @throws ConfigError naming what is wrong with the files, or what of them is not supported
 */
export function createTokenizer({ tokenizer, config = {}, where = 'tokenizer.json' }: TokenizerFiles): Tokenizer {
  const names = checkSchema(tokenizerConfigSchema, config, `${where} (tokenizer_config.json)`);
  const json = checkSchema(tokenizerJsonSchema, tokenizer, where);
  return usable(where, () => {
    const vocabulary = vocabularyOf(json);
    const ends = namedEnds(json.post_processor);
    const specialIds = findSpecialIds({ vocabulary, config: names, ends, where });
    const encoder = createEncoder(json);
    const trimOffsets = createOffsetTrimmer(json.post_processor);
    const isSpaced = marksSpaces(encoder);
    const decoder = createDecoder(json, vocabulary);
    return {
      vocabSize: [...vocabulary.values()].reduce((most, id) => Math.max(most, id + 1), 0),
      specialIds,
      layout: sequenceLayout(json.post_processor, specialIds),
      encode: (text, { afterSpace = false } = {}) => {
        const spaced = afterSpace && isSpaced && /^\S/.test(text) ? ` ${text}` : text;
        return encoder.encode(spaced, { isSpecialText: true }).map(({ id }) => id);
      },
      encodeWithOffsets: (text, { specialTokens = 'text' } = {}) => {
        const tokens = trimOffsets(encoder.encode(text, { isSpecialText: specialTokens === 'text' }));
        return { ids: tokens.map(({ id }) => id), offsets: tokens.map(({ start, end }) => [start, end]) };
      },
      decode: (ids) => (ids.length === 0 ? '' : decoder.decode([...ids], { clean_up_tokenization_spaces: false })),
      tokenToId: (token) => vocabulary.get(token),
    };
  });
}

function vocabularyOf({ model, added_tokens: added }: TokenizerJson): ReadonlyMap<string, number> {
  const own = model.type === 'Unigram' ? model.vocab.map(([piece], id) => [piece, id] as const) : model.vocab;
  return new Map([...own, ...added.map(({ content, id }) => [content, id] as const)]);
}

/** Whether a word after a space is written otherwise than one at the start of a text. */
function marksSpaces(encoder: Encoder): boolean {
  const written = (text: string) => encoder.words(text)[0]?.chars.join('');
  // More than the letter: the tokenizer itself puts the space there.
  return written('a') === 'a' && written(' a') !== 'a';
}

/** The library's decoder, with a model that only knows what each id is written as. */
function createDecoder({ added_tokens, decoder, model }: TokenizerJson, vocabulary: ReadonlyMap<string, number>) {
  const suffix = model.type === 'BPE' ? model.end_of_word_suffix : null;
  const written = { type: 'BPE', vocab: Object.fromEntries(vocabulary), merges: [], end_of_word_suffix: suffix };
  const parts = { normalizer: null, pre_tokenizer: null, post_processor: null, added_tokens, decoder, model: written };
  return new LibraryTokenizer(parts, {});
}
