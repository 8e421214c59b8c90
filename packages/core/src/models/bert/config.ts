import { z } from 'zod';
import { ConfigError } from '../../errors.ts';
import { schemaProblems } from '../../schema-problems.ts';

const size = z.int().positive();
const rate = z.number().min(0).lt(1);

/**
 * Hugging Face's `config.json` of a BERT, under its own names; defaults are theirs. Keys that are not listed are
 * kept, so that a directory can be written back as it was read.
 */
export const bertConfigSchema = z.looseObject({
  model_type: z.literal('bert'),
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  intermediate_size: size,
  max_position_embeddings: size,
  type_vocab_size: size.default(2),
  layer_norm_eps: z.number().positive().default(1e-12),
  hidden_act: z.literal('gelu').default('gelu'),
  hidden_dropout_prob: rate.default(0.1),
  attention_probs_dropout_prob: rate.default(0.1),
  classifier_dropout: rate.nullish(),
  initializer_range: z.number().positive().default(0.02),
  position_embedding_type: z.literal('absolute').default('absolute'),
  is_decoder: z.literal(false).default(false),
  tie_word_embeddings: z.boolean().default(true),
});

/** A checked configuration; see `bertConfigSchema`. */
export type BertConfig = z.infer<typeof bertConfigSchema>;

/**
 * Checks and completes a configuration.
 *
 * @param where  named in messages, e.g. the path of config.json
 * @throws ConfigError listing every problem
 */
export function parseBertConfig(value: unknown, where = 'BERT configuration'): BertConfig {
  const parsed = bertConfigSchema.safeParse(value);
  if (!parsed.success) {
    const problems = schemaProblems(parsed.error, value);
    throw new ConfigError([`${where}: not a usable BERT configuration`, ...problems].join('\n'));
  }
  const { hidden_size: hiddenSize, num_attention_heads: numHeads } = parsed.data;
  if (hiddenSize % numHeads !== 0) {
    throw new ConfigError(
      `${where}: hidden_size ${hiddenSize} is not a multiple of num_attention_heads ${numHeads}; each head needs a ` +
        'whole number of dimensions',
    );
  }
  return parsed.data;
}
