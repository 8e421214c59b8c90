import { createEncoder, type Encoder } from './create-encoder.ts';
import { Tokenizer as LibraryTokenizer, literalContent } from './library.ts';
import { namedEnds, sequenceLayout } from './sequence-layout.ts';
import { findSpecialIds } from './special-ids.ts';
import type { Tokenizer } from './tokenizer.ts';
import { readTokenizerFiles, type TokenizerFiles } from './tokenizer-files.ts';
import { modelVocabulary, type TokenizerJson, usable } from './tokenizer-json.ts';

/**
 * A tokenizer from the content of Hugging Face's files, all of which count; see `resolveTokenizerFiles`. Special ids
 * are found by name in the vocabulary.
 *
 * `encode` reads a special token's name in a text, say "[MASK]" in a dataset's row, as ordinary characters: only a
 * formulation places special tokens.
 *
 * @throws ConfigError naming what is wrong with the files, or what of them is not supported
 */
export function createTokenizer(files: TokenizerFiles): Tokenizer {
  const { where = 'tokenizer.json' } = files;
  const { json, settings, paddingSide = 'right' } = readTokenizerFiles(files);
  return usable(where, () => {
    const vocabulary = vocabularyOf(json);
    const padding = json.padding?.pad_token;
    const hasPadding = settings.pad_token === undefined && padding !== undefined && vocabulary.has(padding);
    const config = hasPadding ? { ...settings, pad_token: padding } : settings;
    const specialIds = findSpecialIds({ vocabulary, config, ends: namedEnds(json.post_processor), where });
    const encoder = createEncoder(json);
    const isSpaced = marksSpaces(encoder);
    return {
      vocabSize: [...vocabulary.values()].reduce((most, id) => Math.max(most, id + 1), 0),
      specialIds,
      paddingSide,
      layout: sequenceLayout(json.post_processor, specialIds),
      encode: (text, { afterSpace = false } = {}) => {
        const spaced = afterSpace && isSpaced && /^\S/.test(text) ? ` ${text}` : text;
        return encoder.encode(spaced);
      },
      decode: createDecoder(json, vocabulary),
      tokenToId: (token) => vocabulary.get(token),
    };
  });
}

/** Every token's id. @throws Error when an added token and the model disagree about an id */
function vocabularyOf({ model, added_tokens: added }: TokenizerJson): ReadonlyMap<string, number> {
  const vocabulary = new Map(modelVocabulary(model));
  const tokens = new Map([...vocabulary].map(([token, id]) => [id, token]));
  for (const { content, id } of added) {
    const known = vocabulary.get(content) ?? id;
    const other = tokens.get(id) ?? content;
    if (known !== id) throw new Error(`added_tokens: ${content} has the id ${id}, and ${known} elsewhere`);
    if (other !== content) throw new Error(`added_tokens: ${content} has the id ${id}, which is that of ${other}`);
    vocabulary.set(content, id);
    tokens.set(id, content);
  }
  return vocabulary;
}

/** Whether a word after a space is written otherwise than one at the start of a text. */
function marksSpaces(encoder: Encoder): boolean {
  const written = (text: string) => encoder.words(text)[0];
  // More than the letter: the tokenizer itself puts the space there.
  return written('a') === 'a' && written(' a') !== 'a';
}

/**
 * The library's decoder, with a model that only knows what each id is written as. Ids that no token has are left out:
 * models often have room for more.
 */
function createDecoder(json: TokenizerJson, vocabulary: ReadonlyMap<string, number>): Tokenizer['decode'] {
  const { added_tokens, decoder, model } = json;
  const suffix = model.type === 'BPE' ? model.end_of_word_suffix : null;
  const tokens = { type: 'BPE', vocab: Object.fromEntries(vocabulary), merges: [], end_of_word_suffix: suffix };
  const steps = {
    pre_tokenizer: null,
    post_processor: null,
    decoder: decoder === null ? null : libraryDecoder(decoder),
  };
  const parts = { ...steps, normalizer: null, added_tokens, model: tokens };
  const library = new LibraryTokenizer(parts, {});
  const known = new Set(vocabulary.values());
  const decode: Tokenizer['decode'] = (ids) => {
    const written = ids.filter((id) => known.has(id));
    return written.length === 0 ? '' : library.decode(written, { clean_up_tokenization_spaces: false });
  };
  // A decoder that cannot be used shows at the first token, better now than later.
  decode([...known].slice(0, 1));
  return decode;
}

function libraryDecoder({ decoders, ...step }: NonNullable<TokenizerJson['decoder']>): object {
  const { type, content } = step;
  return {
    ...step,
    ...(type === 'Replace' && typeof content === 'string' ? { content: literalContent(content) } : {}),
    ...(decoders === undefined ? {} : { decoders: decoders.map(libraryDecoder) }),
  };
}
