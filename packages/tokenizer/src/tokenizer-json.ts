import { ConfigError, parseWith } from '@attune/base';
import { z } from 'zod';
import { MAX_ID, modelSchema } from './model-schema.ts';
import { MAX_TOKEN_LENGTH } from './models/token-trie.ts';
import { normalizerSchema } from './normalizers/create-normalizer.ts';
import { preTokenizerSchema } from './pre-tokenizers.ts';
import { postProcessorSchema } from './sequence-layout.ts';

const addedTokenSchema = z
  .looseObject({
    id: z.int().min(0).max(MAX_ID),
    content: z.string().min(1).max(MAX_TOKEN_LENGTH),
    single_word: z.boolean().default(false),
    lstrip: z.boolean().default(false),
    rstrip: z.boolean().default(false),
    normalized: z.boolean().optional(),
    special: z.boolean().default(false),
  })
  .transform((token) => ({ ...token, normalized: token.normalized ?? !token.special }));

/** Old files leave the model's type out; what it has tells. */
function withType(model: unknown): unknown {
  if (typeof model !== 'object' || model === null || 'type' in model || !('vocab' in model)) return model;
  if (Array.isArray(model.vocab)) return { ...model, type: 'Unigram' };
  return { ...model, type: 'merges' in model ? 'BPE' : 'WordPiece' };
}

/** The library reads a decoder, with regular expressions that may take for ever: a Replace has a literal text. */
const literalPattern = z.looseObject({
  type: z.literal('Replace'),
  pattern: z.strictObject({ String: z.string() }),
  content: z.string(),
});
const decoderStep = z.looseObject({ type: z.string() }).superRefine((step, context) => {
  if (step.type !== 'Replace') return;
  for (const issue of literalPattern.safeParse(step).error?.issues ?? []) context.addIssue({ ...issue });
});
const decoderSchema = decoderStep.extend({ decoders: z.array(decoderStep).optional() });

const paddingDirection = z
  .enum(['Left', 'Right'])
  .transform((side): 'left' | 'right' => (side === 'Left' ? 'left' : 'right'));

/** The content of tokenizer.json, as far as it says how a text becomes ids. Of padding the side and the token count. */
export const tokenizerJsonSchema = z.looseObject({
  added_tokens: z.array(addedTokenSchema).default([]),
  normalizer: normalizerSchema.nullable().default(null),
  pre_tokenizer: preTokenizerSchema.nullable().default(null),
  post_processor: postProcessorSchema.nullable().default(null),
  decoder: decoderSchema.nullable().default(null),
  padding: z
    .looseObject({ direction: paddingDirection.optional(), pad_token: z.string().optional() })
    .nullable()
    .default(null),
  model: z.preprocess(withType, modelSchema),
});
/** A tokenizer.json, as far as it is read here. */
export type TokenizerJson = z.infer<typeof tokenizerJsonSchema>;

/** Ids of a model's own tokens. */
export function modelVocabulary(model: TokenizerJson['model']): ReadonlyMap<string, number> {
  return model.type === 'Unigram' ? new Map(model.vocab.map(([piece], id) => [piece, id])) : model.vocab;
}

/** A value as a schema makes it. @throws ConfigError listing every problem, nesting without end included */
export function checkSchema<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  return usable(where, () => parseWith(schema, value, `${where}: not a usable tokenizer`));
}

/** What `make` gives; whatever else it throws (a pattern JavaScript cannot have) as a ConfigError. */
export function usable<T>(where: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${where}: not a usable tokenizer: ${(error as Error).message}`, { cause: error });
  }
}
