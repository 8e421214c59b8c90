import { z } from 'zod';
import { parseConfig } from '../config-schema.ts';
import { bertConfigFields } from '../encoder/bert-config.ts';

/**
 * Hugging Face's `config.json` of a RoBERTa, under its own names; defaults are theirs, which are not the published
 * models' own. Keys that are not listed are kept, so that a directory can be written back as it was read.
 */
const robertaConfigSchema = z.looseObject({
  model_type: z.literal('roberta'),
  ...bertConfigFields,
  /** The first token of a sequence has the position after it. */
  pad_token_id: z.int().min(0).default(1),
});

/** A checked configuration; see `robertaConfigSchema`. */
export type RobertaConfig = z.infer<typeof robertaConfigSchema>;

/** Checks and completes a configuration. @throws ConfigError listing every problem */
export function parseRobertaConfig(value: unknown, where = 'RoBERTa configuration'): RobertaConfig {
  const names = { where, family: 'RoBERTa', hidden: 'hidden_size', heads: 'num_attention_heads' };
  return parseConfig(robertaConfigSchema, value, names);
}
