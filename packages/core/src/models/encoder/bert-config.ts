import { z } from 'zod';
import { depth, positive, rate, size } from '../config-schema.ts';
import { activationNames } from '../layers/activations.ts';

/** Keys of config.json that BERT and its relatives share, with Hugging Face's defaults. */
export const bertConfigFields = {
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: depth,
  num_attention_heads: size,
  intermediate_size: size,
  max_position_embeddings: size,
  type_vocab_size: size.default(2),
  layer_norm_eps: positive.default(1e-12),
  hidden_act: z.enum(activationNames).default('gelu'),
  hidden_dropout_prob: rate.default(0.1),
  attention_probs_dropout_prob: rate.default(0.1),
  classifier_dropout: rate.nullish(),
  initializer_range: positive.default(0.02),
  position_embedding_type: z.literal('absolute').default('absolute'),
  is_decoder: z.literal(false).default(false),
  tie_word_embeddings: z.boolean().default(true),
};

const bertConfig = z.object(bertConfigFields);

/** What BERT and its relatives say of their size, activation and dropout. */
export type BertLikeConfig = z.infer<typeof bertConfig>;

/** Rate of the dropout before a classifier: its own, or that of the layers. */
export function classifierDropout(config: Pick<BertLikeConfig, 'classifier_dropout' | 'hidden_dropout_prob'>): number {
  return config.classifier_dropout ?? config.hidden_dropout_prob;
}
