import { z } from 'zod';
import type { Model } from '../contracts/model.ts';
import { activation, depth, parseConfig, positive, rate, size } from './config-schema.ts';
import { encodeFirst, maskedLanguageModel } from './encoder/encoder-model.ts';
import type { Encoder, LayerModules, PostNormLayer } from './encoder/post-norm-layer.ts';
import type { EncoderEmbeddings } from './layers/embeddings.ts';
import { denseHead } from './layers/sequence-head.ts';
import { canonicalNames, type ModelFamily } from './model-family.ts';

/**
 * Hugging Face's `config.json` of a DistilBERT, under its own names; defaults are theirs. Keys that are not listed are
 * kept, so that a directory can be written back as it was read.
 */
const distilBertConfigSchema = z.looseObject({
  model_type: z.literal('distilbert'),
  vocab_size: size,
  dim: size,
  n_layers: depth,
  n_heads: size,
  hidden_dim: size,
  max_position_embeddings: size,
  activation: activation.default('gelu'),
  dropout: rate.default(0.1),
  attention_dropout: rate.default(0.1),
  seq_classif_dropout: rate.default(0.2),
  initializer_range: positive.default(0.02),
  tie_word_embeddings: z.boolean().default(true),
});

/** A checked configuration; see `distilBertConfigSchema`. */
type DistilBertConfig = z.infer<typeof distilBertConfigSchema>;

/** Checks and completes a configuration. @throws ConfigError listing every problem */
function parseDistilBertConfig(value: unknown, where = 'DistilBERT configuration'): DistilBertConfig {
  return parseConfig(distilBertConfigSchema, value, { where, family: 'DistilBERT', hidden: 'dim', heads: 'n_heads' });
}

/** Fixed in the reference implementation. */
const epsilon = 1e-12;

/** Word and position embeddings, no segments; layers without a dropout after the attention's output. */
function distilBertEncoder(config: DistilBertConfig): Encoder {
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

/**
 * A DistilBERT encoder with masked-language-model head. Sanh et al. 2019, "DistilBERT". BERT's layers but for one
 * dropout, without segments and without a pooler: classification and choice read the first token through a dense
 * layer and ReLU of their own.
 */
function createDistilBert(config: DistilBertConfig): Model {
  const encoder = distilBertEncoder(config);
  return maskedLanguageModel(
    {
      family: 'distilbert',
      encoder,
      sizes: {
        intermediateSize: config.hidden_dim,
        initializer: { kind: 'normal', stddev: config.initializer_range },
      },
      sequenceHead: (_, numOutputs) =>
        denseHead({
          numOutputs,
          hiddenSize: config.dim,
          numLayers: config.n_layers,
          first: (call) => encodeFirst(encoder, call),
          dense: 'pre_classifier',
          output: 'classifier',
          activation: 'relu',
          dropout: { output: config.seq_classif_dropout },
        }),
    },
    {
      transform: 'vocab_transform',
      transformNorm: 'vocab_layer_norm',
      activation: config.activation,
      epsilon,
      decoder: 'vocab_projector',
      isTied: config.tie_word_embeddings,
      bias: 'vocab_projector.bias',
    },
  );
}

/** DistilBERT as checkpoints have it: names of its parameters, and Hugging Face's classes by head. */
export const distilBertFamily: ModelFamily = {
  modelType: 'distilbert',
  create(value, where) {
    const config = parseDistilBertConfig(value, where);
    return { model: createDistilBert(config), config };
  },
  canonicalName: canonicalNames({ prefix: 'distilbert', backbone: ['embeddings', 'transformer'] }),
  architectures: {
    classification: 'DistilBertForSequenceClassification',
    choice: 'DistilBertForMultipleChoice',
    languageModel: 'DistilBertForMaskedLM',
  },
};
