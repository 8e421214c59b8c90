import { z } from 'zod';
import { activation, depth, positive, rate, size } from '../config-schema.ts';
import type { EncoderEmbeddings } from '../layers/embeddings.ts';
import type { EncoderSizes } from './encoder-parameters.ts';
import type { Encoder, LayerModules, PostNormLayer } from './post-norm-layer.ts';

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
  hidden_act: activation.default('gelu'),
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
type BertLikeConfig = z.infer<typeof bertConfig>;

/** Rate of the dropout before a classifier: its own, or that of the layers. */
export function classifierDropout(config: Pick<BertLikeConfig, 'classifier_dropout' | 'hidden_dropout_prob'>): number {
  return config.classifier_dropout ?? config.hidden_dropout_prob;
}

/** Where a family departs from BERT's embeddings. */
type EmbeddingsChange = Partial<Pick<EncoderEmbeddings, 'width' | 'projection' | 'firstPosition'>>;

/** An encoder as BERT has it, its modules under another prefix. */
export function bertEncoder(prefix: string, config: BertLikeConfig, change: EmbeddingsChange = {}): Encoder {
  const layers = Array.from({ length: config.num_hidden_layers }, (_, index) => bertLayer(prefix, config, index));
  return { hiddenSize: config.hidden_size, embeddings: bertEmbeddings(prefix, config, change), layers };
}

/** BERT's three tables and their layer norm, its modules under another prefix. */
export function bertEmbeddings(prefix: string, config: BertLikeConfig, change: EmbeddingsChange): EncoderEmbeddings {
  const path = `${prefix}.embeddings`;
  return {
    site: path,
    words: `${path}.word_embeddings`,
    positions: `${path}.position_embeddings`,
    types: { name: `${path}.token_type_embeddings`, count: config.type_vocab_size },
    norm: `${path}.LayerNorm`,
    width: config.hidden_size,
    vocabSize: config.vocab_size,
    numPositions: config.max_position_embeddings,
    firstPosition: 0,
    epsilon: config.layer_norm_eps,
    dropout: config.hidden_dropout_prob,
    ...change,
  };
}

/** Of the feed-forwards, and how matrices and tables start, as the configuration says. */
export function encoderSizes(config: BertLikeConfig): EncoderSizes {
  return {
    intermediateSize: config.intermediate_size,
    initializer: { kind: 'normal', stddev: config.initializer_range },
  };
}

function bertLayer(prefix: string, config: BertLikeConfig, index: number): PostNormLayer {
  const path = `${prefix}.encoder.layer.${index}`;
  return {
    index,
    modules: bertModules(path),
    isShared: false,
    site: path,
    numHeads: config.num_attention_heads,
    activation: config.hidden_act,
    epsilon: config.layer_norm_eps,
    dropout: {
      attention: config.attention_probs_dropout_prob,
      attentionOutput: config.hidden_dropout_prob,
      output: config.hidden_dropout_prob,
    },
  };
}

function bertModules(path: string): LayerModules {
  return {
    query: `${path}.attention.self.query`,
    key: `${path}.attention.self.key`,
    value: `${path}.attention.self.value`,
    attentionOutput: `${path}.attention.output.dense`,
    attentionNorm: `${path}.attention.output.LayerNorm`,
    intermediate: `${path}.intermediate.dense`,
    output: `${path}.output.dense`,
    outputNorm: `${path}.output.LayerNorm`,
  };
}
