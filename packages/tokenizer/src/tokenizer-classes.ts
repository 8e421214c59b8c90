import type { TokenizerConfig } from './tokenizer-config.ts';
import type { TokenizerJson } from './tokenizer-json.ts';
import { wordPieceParts } from './word-piece.ts';

/** What a tokenizer class of the transformers library makes of a tokenizer.json. */
interface TokenizerClass {
  readonly model: TokenizerJson['model']['type'];
  /** Parts that the class builds itself, from the fields of tokenizer_config.json and its own defaults. */
  rebuild(json: TokenizerJson, config: TokenizerConfig): { readonly model: object };
  /** Fields of tokenizer_config.json that it reads. */
  readonly fields: readonly (keyof TokenizerConfig)[];
  readonly inputs: readonly string[];
  readonly paddingSide?: 'left';
}

const qwenPattern =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+" +
  '|\\s+(?!\\S)|\\s+';

const byteLevel = (add_prefix_space: boolean, use_regex = true) => ({
  type: 'ByteLevel',
  add_prefix_space,
  trim_offsets: true,
  use_regex,
});

const textInputs = ['input_ids', 'attention_mask'];

const bpe = { unk_token: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, ignore_merges: false };

const bert: TokenizerClass = {
  model: 'WordPiece',
  inputs: ['input_ids', 'token_type_ids', 'attention_mask'],
  fields: ['do_lower_case', 'strip_accents', 'tokenize_chinese_chars'],
  rebuild: ({ model }, config) =>
    wordPieceParts((token) => (model.type === 'WordPiece' ? model.vocab.get(token) : undefined), {
      lowercase: config.do_lower_case ?? true,
      stripAccents: config.strip_accents ?? null,
      splitIdeographs: config.tokenize_chinese_chars ?? true,
      names: {
        pad: config.pad_token ?? '[PAD]',
        unk: config.unk_token ?? '[UNK]',
        cls: config.cls_token ?? '[CLS]',
        sep: config.sep_token ?? '[SEP]',
        mask: config.mask_token ?? '[MASK]',
      },
    }),
};

const gpt2: TokenizerClass = {
  model: 'BPE',
  inputs: textInputs,
  fields: ['add_prefix_space'],
  rebuild: (_json, config) => ({
    normalizer: null,
    pre_tokenizer: byteLevel(config.add_prefix_space ?? false),
    decoder: byteLevel(true),
    model: bpe,
  }),
};

const roberta: TokenizerClass = {
  ...gpt2,
  rebuild: (json, config) => {
    const idOf = (token: string) => {
      const id = json.model.type === 'BPE' ? json.model.vocab.get(token) : undefined;
      return [token, id ?? json.added_tokens.find(({ content }) => content === token)?.id] as const;
    };
    const prefixed = config.add_prefix_space ?? false;
    const [sep, cls] = [idOf(config.sep_token ?? '</s>'), idOf(config.cls_token ?? '<s>')];
    const missing = [sep, cls].filter(([, id]) => id === undefined).map(([token]) => token);
    if (missing.length > 0) throw new Error(`RobertaTokenizer: the vocabulary lacks ${missing.join(', ')}`);
    const ends = { type: 'RobertaProcessing', sep, cls, trim_offsets: true, add_prefix_space: prefixed };
    return { ...gpt2.rebuild(json, config), post_processor: ends };
  },
};

const qwen2: TokenizerClass = {
  ...gpt2,
  rebuild: (json, config) => ({
    ...gpt2.rebuild(json, config),
    normalizer: { type: 'NFC' },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: qwenPattern }, behavior: 'Isolated', invert: false },
        byteLevel(config.add_prefix_space ?? false, false),
      ],
    },
  }),
};

const llama: TokenizerClass = {
  model: 'BPE',
  inputs: textInputs,
  fields: ['add_prefix_space', 'legacy'],
  paddingSide: 'left',
  rebuild: (_json, config) => {
    const prefixed = config.add_prefix_space ?? true;
    const scheme = prefixed ? ((config.legacy ?? false) ? 'always' : 'first') : 'never';
    const replace = { type: 'Replace', pattern: { String: '▁' }, content: ' ' };
    const strip = prefixed ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : [];
    return {
      normalizer: null,
      pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: scheme, split: false },
      decoder: { type: 'Sequence', decoders: [replace, { type: 'ByteFallback' }, { type: 'Fuse' }, ...strip] },
      model: { ...bpe, fuse_unk: true, byte_fallback: true },
    };
  },
};

const albert: TokenizerClass = {
  model: 'Unigram',
  inputs: textInputs,
  fields: ['do_lower_case', 'keep_accents', 'add_prefix_space'],
  rebuild: (json, config) => {
    const scheme = (config.add_prefix_space ?? true) ? 'always' : 'never';
    const replace = (text: string) => ({ type: 'Replace', pattern: { String: text }, content: '"' });
    const plain = (config.keep_accents ?? false) ? [] : [{ type: 'NFKD' }, { type: 'StripAccents' }];
    const lower = (config.do_lower_case ?? true) ? [{ type: 'Lowercase' }] : [];
    const own = json.normalizer?.type === 'Sequence' ? json.normalizer.normalizers : [json.normalizer];
    const rules = own.filter((step) => step?.type === 'Precompiled').slice(0, 1);
    const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: scheme, split: true };
    return {
      normalizer: { type: 'Sequence', normalizers: [replace('``'), replace("''"), ...plain, ...lower, ...rules] },
      pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace] },
      decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: scheme },
      model: { unk_id: 1, byte_fallback: false },
    };
  },
};

const classes: ReadonlyMap<string, TokenizerClass> = new Map([
  ...['BertTokenizer', 'DistilBertTokenizer', 'ElectraTokenizer', 'LayoutLMTokenizer'].map((n) => [n, bert] as const),
  ...['RobertaTokenizer', 'BartTokenizer', 'LongformerTokenizer'].map((n) => [n, roberta] as const),
  ['GPT2Tokenizer', gpt2],
  ['Qwen2Tokenizer', qwen2],
  ['LlamaTokenizer', llama],
  ['AlbertTokenizer', albert],
]);

/** Classes of model types, for configurations that have a class's fields and do not name it. */
const classesOfModels: ReadonlyMap<string, string> = new Map([
  ['bert', 'BertTokenizer'],
  ['distilbert', 'DistilBertTokenizer'],
  ['electra', 'ElectraTokenizer'],
  ['roberta', 'RobertaTokenizer'],
  ['gpt2', 'GPT2Tokenizer'],
  ['albert', 'AlbertTokenizer'],
]);

/** Classes that take tokenizer.json as it is. */
const plainClasses = ['PreTrainedTokenizer', 'TokenizersBackend', 'PythonBackend'];
/** Fields by which some class changes how a text becomes ids. */
const classFields = ['do_lower_case', 'strip_accents', 'tokenize_chinese_chars', 'keep_accents'] as const;

/**
 * The class that `tokenizer_class` names, where it builds parts of the tokenizer itself: the reference library then
 * reads the vocabulary alone from tokenizer.json (and the post-processor, where the class has none). Where no class is
 * named and the fields of the model type's class are there, it is that one. A byte-level tokenizer.json of class
 * LlamaTokenizer is taken as it is, as there.
 *
 * @returns undefined where tokenizer.json alone counts
 * @throws Error for a class that is not known here while fields beside it ask for changes, or one of another model
 */
export function tokenizerClass(
  json: TokenizerJson,
  config: TokenizerConfig,
  modelType?: string,
): TokenizerClass | undefined {
  const name = className(config, modelType);
  if (name === undefined || plainClasses.includes(name)) return undefined;
  const found = classes.get(name);
  if (found === undefined) {
    const fields = classFields.filter((field) => config[field] != null);
    if (fields.length === 0) return undefined;
    throw new Error(
      `tokenizer_config.json: tokenizer_class ${name} is not known here, and ${fields.join(', ')} beside it may change ` +
        `what it makes of a text; known: ${[...classes.keys()].join(', ')}, and PreTrainedTokenizerFast, whose ` +
        'tokenizer.json says all',
    );
  }
  if (found === llama && JSON.stringify(json.pre_tokenizer).includes('"ByteLevel"')) return undefined;
  if (found.model === json.model.type) return found;
  throw new Error(
    `tokenizer_config.json: tokenizer_class ${name} has a ${found.model} model, tokenizer.json one of ` +
      `${json.model.type}; they must come from the same tokenizer`,
  );
}

function className(config: TokenizerConfig, modelType = ''): string | undefined {
  if (config.tokenizer_class != null) return config.tokenizer_class.replace(/Fast$/, '');
  const name = classesOfModels.get(modelType);
  return name !== undefined && classes.get(name)!.fields.some((field) => config[field] != null) ? name : undefined;
}
