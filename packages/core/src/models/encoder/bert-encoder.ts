import type { BertLikeConfig } from './bert-config.ts';
import type { EncoderEmbeddings } from './embeddings.ts';
import type { Encoder } from './encoder.ts';
import type { EncoderSizes } from './encoder-parameters.ts';
import type { LayerModules, PostNormLayer } from './post-norm-layer.ts';

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
