import { z } from 'zod';
import { depth, parseConfig, positive, rate, size } from '../config-schema.ts';
import { activationNames } from '../layers/activations.ts';

/**
 * Hugging Face's `config.json` of a DistilBERT, under its own names; defaults are theirs. Keys that are not listed are
 * kept, so that a directory can be written back as it was read.
 */
const distilBertConfigSchema = z.looseObject({
  model_type: z.literal('distilbert'),
  vocab_size: size,
  dim: size,
  n_layers: depth,
  n_heads: size,
  hidden_dim: size,
  max_position_embeddings: size,
  activation: z.enum(activationNames).default('gelu'),
  dropout: rate.default(0.1),
  attention_dropout: rate.default(0.1),
  seq_classif_dropout: rate.default(0.2),
  initializer_range: positive.default(0.02),
  tie_word_embeddings: z.boolean().default(true),
});

/** A checked configuration; see `distilBertConfigSchema`. */
export type DistilBertConfig = z.infer<typeof distilBertConfigSchema>;

/** Checks and completes a configuration. @throws ConfigError listing every problem */
export function parseDistilBertConfig(value: unknown, where = 'DistilBERT configuration'): DistilBertConfig {
  return parseConfig(distilBertConfigSchema, value, { where, family: 'DistilBERT', hidden: 'dim', heads: 'n_heads' });
}
