import { z } from 'zod';
import { addedTokenSchema } from './added-tokens.ts';
import { bpeSchema } from './models/bpe-model.ts';
import { unigramSchema } from './models/unigram-model.ts';
import { wordPieceSchema } from './models/word-piece-model.ts';
import { normalizerSchema } from './normalizers/normalizer-schema.ts';
import { preTokenizerSchema } from './pre-tokenizers/create-pre-tokenizer.ts';
import { postProcessorSchema } from './sequence-layout.ts';

const modelSchema = z.discriminatedUnion('type', [bpeSchema, unigramSchema, wordPieceSchema], {
  error: 'expected BPE, Unigram or WordPiece',
});

/** Old files leave the model's type out; what it has tells. */
function withType(model: unknown): unknown {
  if (typeof model !== 'object' || model === null || 'type' in model || !('vocab' in model)) return model;
  if (Array.isArray(model.vocab)) return { ...model, type: 'Unigram' };
  return { ...model, type: 'merges' in model ? 'BPE' : 'WordPiece' };
}

const decoderStep = z.looseObject({ type: z.string() });
const decoderSchema = decoderStep.extend({ decoders: z.array(decoderStep).optional() });

/** The content of tokenizer.json, as far as it says how a text becomes ids. Truncation and padding are not its matter. */
export const tokenizerJsonSchema = z.looseObject({
  added_tokens: z.array(addedTokenSchema).default([]),
  normalizer: normalizerSchema.nullable().default(null),
  pre_tokenizer: preTokenizerSchema.nullable().default(null),
  post_processor: postProcessorSchema.nullable().default(null),
  decoder: decoderSchema.nullable().default(null),
  model: z.preprocess(withType, modelSchema),
});
export type TokenizerJson = z.infer<typeof tokenizerJsonSchema>;
