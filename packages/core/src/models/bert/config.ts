import { z } from 'zod';
import { parseConfig } from '../config-schema.ts';
import { bertConfigFields } from '../encoder/bert-config.ts';

/**
 * Hugging Face's `config.json` of a BERT, under its own names; defaults are theirs. Keys that are not listed are
 * kept, so that a directory can be written back as it was read.
 */
const bertConfigSchema = z.looseObject({ model_type: z.literal('bert'), ...bertConfigFields });

/** A checked configuration; see `bertConfigSchema`. */
export type BertConfig = z.infer<typeof bertConfigSchema>;

/**
 * Checks and completes a configuration.
 *
 * @param where  named in messages, e.g. the path of config.json
 * @throws ConfigError listing every problem
 */
export function parseBertConfig(value: unknown, where = 'BERT configuration'): BertConfig {
  const names = { where, family: 'BERT', hidden: 'hidden_size', heads: 'num_attention_heads' };
  return parseConfig(bertConfigSchema, value, names);
}
