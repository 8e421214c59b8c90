import type { EncoderEmbeddings } from '../encoder/embeddings.ts';
import type { Encoder } from '../encoder/encoder.ts';
import type { LayerModules, PostNormLayer } from '../encoder/post-norm-layer.ts';
import type { DistilBertConfig } from './config.ts';

/** Fixed in the reference implementation. */
export const epsilon = 1e-12;

/** Word and position embeddings, no segments; layers without a dropout after the attention's output. */
export function distilBertEncoder(config: DistilBertConfig): Encoder {
  const layers = Array.from({ length: config.n_layers }, (_, index) => layerOf(config, index));
  return { hiddenSize: config.dim, embeddings: embeddingsOf(config), layers };
}

function embeddingsOf(config: DistilBertConfig): EncoderEmbeddings {
  const path = 'distilbert.embeddings';
  return {
    site: path,
    words: `${path}.word_embeddings`,
    positions: `${path}.position_embeddings`,
    norm: `${path}.LayerNorm`,
    width: config.dim,
    vocabSize: config.vocab_size,
    numPositions: config.max_position_embeddings,
    firstPosition: 0,
    epsilon,
    dropout: config.dropout,
  };
}

function layerOf(config: DistilBertConfig, index: number): PostNormLayer {
  const path = `distilbert.transformer.layer.${index}`;
  return {
    index,
    modules: modulesOf(path),
    isShared: false,
    site: path,
    numHeads: config.n_heads,
    activation: config.activation,
    epsilon,
    dropout: { attention: config.attention_dropout, output: config.dropout },
  };
}

function modulesOf(path: string): LayerModules {
  return {
    query: `${path}.attention.q_lin`,
    key: `${path}.attention.k_lin`,
    value: `${path}.attention.v_lin`,
    attentionOutput: `${path}.attention.out_lin`,
    attentionNorm: `${path}.sa_layer_norm`,
    intermediate: `${path}.ffn.lin1`,
    output: `${path}.ffn.lin2`,
    outputNorm: `${path}.output_layer_norm`,
  };
}
