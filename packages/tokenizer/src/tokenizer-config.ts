import { ConfigError } from '@attune/base';
import { z } from 'zod';
import { MAX_ID } from './model-schema.ts';
import { tokenNamesSchema } from './special-ids.ts';
import { checkSchema } from './tokenizer-json.ts';

const flag = z.boolean().nullish();

/** A token with its flags, as the configuration has it; one that is only named is special. */
const writtenToken = z.union([
  z.string().transform((content) => ({ content, special: true })),
  z.looseObject({
    content: z.string().min(1),
    single_word: z.boolean().default(false),
    lstrip: z.boolean().default(false),
    rstrip: z.boolean().default(false),
    normalized: z.boolean().optional(),
    special: z.boolean().default(false),
  }),
]);

const extraTokens = z.union([z.array(writtenToken), z.record(z.string(), writtenToken).transform(Object.values)]);

/** What is read of tokenizer_config.json and special_tokens_map.json. */
const tokenizerConfigSchema = tokenNamesSchema.extend({
  tokenizer_class: z.string().nullish(),
  padding_side: z.enum(['left', 'right']).nullish(),
  do_lower_case: flag,
  strip_accents: flag,
  tokenize_chinese_chars: flag,
  keep_accents: flag,
  add_prefix_space: flag,
  add_bos_token: flag,
  add_eos_token: flag,
  legacy: flag,
  added_tokens_decoder: z.record(z.string().regex(/^\d{1,8}$/, 'expected an id'), writtenToken).nullish(),
  additional_special_tokens: extraTokens.nullish(),
  extra_special_tokens: extraTokens.nullish(),
});

/** What tokenizer_config.json says. */
export type TokenizerConfig = z.infer<typeof tokenizerConfigSchema>;

/** A token beside the model's own. */
export type WrittenToken = Exclude<z.infer<typeof writtenToken>, string>;

/** @throws ConfigError listing what is wrong with it */
export function checkTokenizerConfig(config: unknown, where: string): TokenizerConfig {
  return checkSchema(tokenizerConfigSchema, config, where);
}

/** Ids of added_tokens.json, by token. @throws ConfigError listing what is wrong with it */
export function checkAddedTokens(tokens: unknown, where: string): ReadonlyMap<string, number> {
  // The schema would leave it out in silence.
  if (Object.hasOwn(Object(tokens), '__proto__')) {
    throw new ConfigError(`${where}: __proto__: expected another token; one of that name cannot be read`);
  }
  return new Map(Object.entries(checkSchema(z.record(z.string().min(1), z.int().min(0).max(MAX_ID)), tokens, where)));
}
