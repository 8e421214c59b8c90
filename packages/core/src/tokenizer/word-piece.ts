import { ConfigError } from '../errors.ts';

const specialTokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

/**
 * The content of a `tokenizer.json` for a lower-casing WordPiece vocabulary, as BERT's uncased models have it: ids in
 * the order of `vocabulary`, continuing pieces marked with "##". The five special tokens come first when absent.
 *
 * @throws ConfigError naming words that occur twice
 */
export function wordPieceTokenizerJson(vocabulary: readonly string[]): object {
  const tokens = [...specialTokens.filter((token) => !vocabulary.includes(token)), ...vocabulary];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  if (ids.size < tokens.length) {
    const twice = tokens.filter((token, id) => ids.get(token) !== id);
    throw new ConfigError(`WordPiece vocabulary: ${twice.join(', ')} occurs more than once`);
  }
  const special = (token: string) => ({ id: token, ids: [ids.get(token)!], tokens: [token] });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTokens
      .map((content) => ({ id: ids.get(content)!, content, ...addedTokenFlags }))
      .sort((a, b) => a.id - b.id),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [at('[CLS]', 0), sequence('A', 0), at('[SEP]', 0)],
      pair: [at('[CLS]', 0), sequence('A', 0), at('[SEP]', 0), sequence('B', 1), at('[SEP]', 1)],
      special_tokens: { '[CLS]': special('[CLS]'), '[SEP]': special('[SEP]') },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(ids),
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
