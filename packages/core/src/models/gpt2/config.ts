import { z } from 'zod';
import { activation, depth, parseConfig, positive, rate, size } from '../config-schema.ts';

/**
 * Hugging Face's `config.json` of a GPT-2, under its own names; defaults are theirs. Keys that are not listed are
 * kept, so that a directory can be written back as it was read.
 */
const gpt2ConfigSchema = z.looseObject({
  model_type: z.literal('gpt2'),
  vocab_size: size.default(50257),
  n_positions: size.default(1024),
  n_embd: size.default(768),
  n_layer: depth.default(12),
  n_head: size.default(12),
  /** Width of the feed-forward; four times the hidden size when absent. */
  n_inner: size.nullish(),
  activation_function: activation.default('gelu_new'),
  resid_pdrop: rate.default(0.1),
  embd_pdrop: rate.default(0.1),
  attn_pdrop: rate.default(0.1),
  layer_norm_epsilon: positive.default(1e-5),
  initializer_range: positive.default(0.02),
  /** Whether scores are divided by √headSize, and by the layer's number from 1. */
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
  add_cross_attention: z.literal(false).default(false),
  tie_word_embeddings: z.boolean().default(true),
});

/** A checked configuration; see `gpt2ConfigSchema`. */
export type Gpt2Config = z.infer<typeof gpt2ConfigSchema>;

/**
 * Checks and completes a configuration.
 *
 * @param where  named in messages, e.g. the path of config.json
 * @throws ConfigError listing every problem
 */
export function parseGpt2Config(value: unknown, where = 'GPT-2 configuration'): Gpt2Config {
  return parseConfig(gpt2ConfigSchema, value, { where, family: 'GPT-2', hidden: 'n_embd', heads: 'n_head' });
}
