import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import { schemaProblems } from '../schema-problems.ts';
import type { Tokenizer } from './tokenizer.ts';

const addedToken = z.looseObject({ id: z.int().min(0), content: z.string(), special: z.boolean().default(false) });
const tokenizerJson = z.looseObject({
  added_tokens: z.array(addedToken).default([]),
  normalizer: z.looseObject({}).nullable().default(null),
  pre_tokenizer: z.looseObject({}).nullable().default(null),
  post_processor: z.looseObject({}).nullable().default(null),
  decoder: z.looseObject({}).nullable().default(null),
  model: z.looseObject({ type: z.string() }),
});
const configuredToken = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)]);
const tokenizerConfig = z.looseObject({
  cls_token: configuredToken.default('[CLS]'),
  sep_token: configuredToken.default('[SEP]'),
  mask_token: configuredToken.default('[MASK]'),
  pad_token: configuredToken.default('[PAD]'),
  unk_token: configuredToken.default('[UNK]'),
});

export interface TokenizerFiles {
  /** Parsed tokenizer.json. */
  readonly tokenizer: unknown;
  /** Parsed tokenizer_config.json; tells the special tokens' names where they are not BERT's. */
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
 * @throws ConfigError naming what the files lack
 */
export function createTokenizer({ tokenizer, config = {}, where = 'tokenizer.json' }: TokenizerFiles): Tokenizer {
  const json = checked(tokenizerJson, tokenizer, where);
  const names = checked(tokenizerConfig, config, `${where} (tokenizer_config.json)`);
  const whole = build(json, names, where);
  const ordinary = { ...json, added_tokens: json.added_tokens.filter(({ special }) => !special) };
  const encoder = build(ordinary, names, where);
  const vocabulary = whole.get_vocab(true);
  return {
    vocabSize: Math.max(...vocabulary.values()) + 1,
    specialIds: specialIds(vocabulary, names, where),
    encode: (text) => encoder.encode(text, { add_special_tokens: false }).ids,
    // The file's own decoder tidies spaces; a second pass over the whole text would go beyond the reference library.
    decode: (ids) => (ids.length === 0 ? '' : whole.decode([...ids], { clean_up_tokenization_spaces: false })),
    tokenToId: (token) => vocabulary.get(token),
  };
}

function checked<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigError([`${where}: not a usable tokenizer`, ...schemaProblems(parsed.error, value)].join('\n'));
}

function build(json: z.infer<typeof tokenizerJson>, config: object, where: string): LibraryTokenizer {
  try {
    return new LibraryTokenizer(json, config);
  } catch (error) {
    throw new ConfigError(`${where}: not a usable tokenizer: ${(error as Error).message}`, { cause: error });
  }
}

function specialIds(
  vocabulary: ReadonlyMap<string, number>,
  names: z.infer<typeof tokenizerConfig>,
  where: string,
): Tokenizer['specialIds'] {
  const wanted = {
    cls: names.cls_token,
    sep: names.sep_token,
    mask: names.mask_token,
    pad: names.pad_token,
    unk: names.unk_token,
  };
  const missing = Object.values(wanted).filter((name) => !vocabulary.has(name));
  if (missing.length > 0) {
    throw new ConfigError(
      `${where}: the vocabulary of ${vocabulary.size} tokens lacks ${missing.join(', ')}; ` +
        'add them, or name the ones it has in tokenizer_config.json',
    );
  }
  const id = (name: string): number => vocabulary.get(name)!;
  return {
    cls: id(wanted.cls),
    sep: id(wanted.sep),
    mask: id(wanted.mask),
    pad: id(wanted.pad),
    unk: id(wanted.unk),
  };
}
