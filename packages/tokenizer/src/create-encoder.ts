import { type LibraryTokenizer, Tokenizer } from './library.ts';
import { checkModel } from './model-schema.ts';
import { createNormalizer } from './normalizers/create-normalizer.ts';
import { libraryPreTokenizer } from './pre-tokenizers.ts';
import type { TokenizerJson } from './tokenizer-json.ts';

/** Ids of tokens, and pairs of tokens in the order they are merged. */
interface BpeVocabulary {
  readonly vocab: Readonly<Record<string, number>>;
  readonly merges: readonly string[];
  /** Whether a text is read as if a space were before it. */
  readonly addPrefixSpace: boolean;
}

const robertaTokens = ['<s>', '<pad>', '</s>', '<unk>', '<mask>'];
const gpt2Tokens = ['<|endoftext|>'];

/**
 * The content of a `tokenizer.json` for byte-level byte-pair encoding: RoBERTa's where the vocabulary has `<s>` and
 * `</s>`, around texts `<s> A </s>` and `<s> A </s> </s> B </s>`; else GPT-2's, with nothing around them.
 */
export function byteLevelTokenizerJson({ vocab, merges, addPrefixSpace }: BpeVocabulary): object {
  const [start, end] = [vocab['<s>'], vocab['</s>']];
  const isRoberta = start !== undefined && end !== undefined;
  const byteLevel = { type: 'ByteLevel', add_prefix_space: addPrefixSpace, trim_offsets: true, use_regex: true };
  const roberta = { type: 'RobertaProcessing', sep: ['</s>', end], cls: ['<s>', start] };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: (isRoberta ? robertaTokens : gpt2Tokens).flatMap((content) => addedToken(content, vocab[content])),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: isRoberta
      ? { ...roberta, trim_offsets: true, add_prefix_space: addPrefixSpace }
      : { ...byteLevel, add_prefix_space: true, trim_offsets: false },
    decoder: byteLevel,
    model: { type: 'BPE', unk_token: null, vocab, merges },
  };
}

function addedToken(content: string, id: number | undefined): object[] {
  // A mask takes the space before it, so that it stands for a word with its space.
  const flags = { single_word: false, lstrip: content === '<mask>', rstrip: false, normalized: false, special: true };
  return id === undefined ? [] : [{ id, content, ...flags }];
}

/** Turns text to ids; knows no special tokens. */
export interface Encoder {
  /** Ids of a text, special tokens' names read as ordinary characters. */
  encode(text: string): number[];
  /** The words a text is cut into before they become tokens. */
  words(text: string): readonly string[];
}

/**
 * Text to ids by `@huggingface/tokenizers`. Done here is what that does otherwise than the reference library: some
 * normalizers (`createNormalizer`) and pre-tokenizers (`libraryPreTokenizer`), and in unigram models the bytes of
 * unknown characters and special pieces, which no text may reach.
 *
 * @throws Error when the parts of the file do not fit together
 */
export function createEncoder(json: TokenizerJson): Encoder {
  checkModel(json.model);
  const added = json.added_tokens.filter(({ special }) => !special);
  const parts = {
    added_tokens: added,
    pre_tokenizer: json.pre_tokenizer === null ? null : libraryPreTokenizer(json.pre_tokenizer),
    model: libraryModel(json),
    post_processor: null,
  };
  const library = new Tokenizer({ ...json, ...parts }, {});
  library.normalizer = json.normalizer === null ? null : createNormalizer(json.normalizer);
  if (json.model.type === 'Unigram' && json.model.byte_fallback) writeBytes(library, json.model.vocab);
  const encode: Encoder['encode'] = (text) => [
    ...library.encode(text.replace(loneSurrogates, '\ufffd'), { add_special_tokens: false }).ids,
  ];
  return { encode, words: (text) => wordsOf(library, text) };
}

const loneSurrogates = /\p{Cs}/gu;

function wordsOf({ normalizer, pre_tokenizer: preTokenizer }: LibraryTokenizer, text: string): readonly string[] {
  const normalized = normalizer === null ? text : normalizer(text);
  return preTokenizer === null ? [normalized] : preTokenizer(normalized, { section_index: 0 });
}

/** The model as a plain object again. */
function libraryModel({ model, added_tokens: added }: TokenizerJson): object {
  if (model.type !== 'Unigram') return { ...model, vocab: Object.fromEntries(model.vocab) };
  // The library finds special pieces in any text, as the reference does. A lone surrogate is in none.
  const special = new Set(added.filter((token) => token.special).map(({ content }) => content));
  const vocab = model.vocab.map(([piece, score], id) => [special.has(piece) ? `\ud800${id}` : piece, score]);
  return { ...model, vocab };
}

/** Unknown characters become their UTF-8 bytes ("<0x0A>") where the vocabulary has all of them. */
function writeBytes({ model }: LibraryTokenizer, vocab: readonly (readonly [string, number])[]): void {
  const known = new Set(vocab.map(([piece]) => piece));
  const encode = model.encode.bind(model);
  model.encode = (words) => encode(words).flatMap(bytesOf);
  function bytesOf(token: string): readonly string[] {
    if (known.has(token)) return [token];
    const bytes = Array.from(utf8.encode(token), (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
    return bytes.every((byte) => known.has(byte)) ? bytes : [token];
  }
}

const utf8 = new TextEncoder();
