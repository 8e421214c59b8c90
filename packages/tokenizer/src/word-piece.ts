import { ConfigError } from '@attune/base';

interface WordPieceSettings {
  /** Lower-cases texts and takes accents away, as BERT's uncased models do; true when absent. */
  readonly lowercase?: boolean;
  /** Whether accents go; follows `lowercase` when absent or null. */
  readonly stripAccents?: boolean | null;
  /** Whether ideographs are words of their own; true when absent. */
  readonly splitIdeographs?: boolean;
  readonly names?: SpecialNames;
}

/** The special tokens' names. */
export interface SpecialNames {
  readonly pad: string;
  readonly unk: string;
  readonly cls: string;
  readonly sep: string;
  readonly mask: string;
}

/** BERT's special tokens. */
export const bertNames: SpecialNames = { pad: '[PAD]', unk: '[UNK]', cls: '[CLS]', sep: '[SEP]', mask: '[MASK]' };

/**
 * The content of a `tokenizer.json` for a WordPiece vocabulary, as BERT has it: ids in the order of `vocabulary`,
 * continuing pieces marked with "##". The five special tokens come first when absent.
 *
 * @throws ConfigError naming words that occur twice
 */
export function wordPieceTokenizerJson(vocabulary: readonly string[], settings: WordPieceSettings = {}): object {
  const { lowercase = true, stripAccents = null, splitIdeographs = true, names = bertNames } = settings;
  const specialTokens = Object.values(names);
  const tokens = [...specialTokens.filter((token) => !vocabulary.includes(token)), ...vocabulary];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  if (ids.size < tokens.length) {
    const twice = tokens.filter((token, id) => ids.get(token) !== id);
    throw new ConfigError(`WordPiece vocabulary: ${twice.join(', ')} occurs more than once`);
  }
  const parts = wordPieceParts((token) => ids.get(token), { lowercase, stripAccents, splitIdeographs, names });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTokens
      .map((content) => ({ id: ids.get(content)!, content, ...addedTokenFlags }))
      .sort((a, b) => a.id - b.id),
    ...parts,
    model: { ...parts.model, vocab: Object.fromEntries(ids) },
  };
}

/** Everything but the vocabulary: what `BertTokenizer` of the transformers library builds around one. */
export function wordPieceParts(idOf: (token: string) => number | undefined, settings: Required<WordPieceSettings>) {
  const { lowercase, stripAccents, splitIdeographs, names } = settings;
  const special = (token: string) => ({ id: token, ids: [idOf(token)!], tokens: [token] });
  const [cls, sep] = [at(names.cls, 0), at(names.sep, 0)];
  return {
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: splitIdeographs,
      strip_accents: stripAccents,
      lowercase,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [cls, sequence('A', 0), sep],
      pair: [cls, sequence('A', 0), sep, sequence('B', 1), at(names.sep, 1)],
      special_tokens: { [names.cls]: special(names.cls), [names.sep]: special(names.sep) },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: names.unk,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
    },
  };
}

const addedTokenFlags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };

function at(id: string, typeId: number) {
  return { SpecialToken: { id, type_id: typeId } };
}

function sequence(id: string, typeId: number) {
  return { Sequence: { id, type_id: typeId } };
}
