import { z } from 'zod';
import { parseConfig, rate, size } from '../config-schema.ts';
import { bertConfigFields } from '../encoder/bert-config.ts';
import { activationNames } from '../layers/activations.ts';

/**
 * Hugging Face's `config.json` of an ELECTRA, under its own names; defaults are theirs. Keys that are not listed are
 * kept, so that a directory can be written back as it was read.
 */
const electraConfigSchema = z.looseObject({
  model_type: z.literal('electra'),
  ...bertConfigFields,
  embedding_size: size.default(128),
  /** Tells a generator, "ElectraForMaskedLM", from a discriminator. */
  architectures: z.array(z.string()).nullish(),
  summary_type: z.literal('first').default('first'),
  summary_use_proj: z.literal(true).default(true),
  summary_activation: z.enum(activationNames).default('gelu'),
  summary_last_dropout: rate.default(0.1),
});

/** A checked configuration; see `electraConfigSchema`. */
export type ElectraConfig = z.infer<typeof electraConfigSchema>;

/** Checks and completes a configuration. @throws ConfigError listing every problem */
export function parseElectraConfig(value: unknown, where = 'ELECTRA configuration'): ElectraConfig {
  const names = { where, family: 'ELECTRA', hidden: 'hidden_size', heads: 'num_attention_heads' };
  return parseConfig(electraConfigSchema, value, names);
}
