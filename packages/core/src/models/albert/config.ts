import { z } from 'zod';
import { ConfigError } from '../../errors.ts';
import { depth, parseConfig, rate, size } from '../config-schema.ts';
import { bertConfigFields } from '../encoder/bert-config.ts';
import { activationNames } from '../layers/activations.ts';

/**
 * Hugging Face's `config.json` of an ALBERT, under its own names; defaults are theirs. Keys that are not listed are
 * kept, so that a directory can be written back as it was read.
 */
const albertConfigSchema = z.looseObject({
  model_type: z.literal('albert'),
  ...bertConfigFields,
  embedding_size: size.default(128),
  num_hidden_groups: depth.default(1),
  /** Layers in a group, applied one after the other each time the group is. */
  inner_group_num: depth.default(1),
  hidden_act: z.enum(activationNames).default('gelu_new'),
  hidden_dropout_prob: rate.default(0),
  attention_probs_dropout_prob: rate.default(0),
  classifier_dropout_prob: rate.default(0.1),
});

/** A checked configuration; see `albertConfigSchema`. */
export type AlbertConfig = z.infer<typeof albertConfigSchema>;

/** Checks and completes a configuration. @throws ConfigError listing every problem, or that a group has no layer */
export function parseAlbertConfig(value: unknown, where = 'ALBERT configuration'): AlbertConfig {
  const names = { where, family: 'ALBERT', hidden: 'hidden_size', heads: 'num_attention_heads' };
  const config = parseConfig(albertConfigSchema, value, names);
  const { num_hidden_groups: groups, num_hidden_layers: layers } = config;
  if (groups > layers) {
    throw new ConfigError(
      `${where}: num_hidden_groups: expected at most num_hidden_layers ${layers}, got ${groups}; each group serves a layer`,
    );
  }
  return config;
}
