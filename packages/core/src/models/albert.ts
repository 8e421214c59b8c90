import { ConfigError } from '@attune/base';
import { z } from 'zod';
import type { Model } from '../contracts/model.ts';
import { activation, depth, parseConfig, rate, size } from './config-schema.ts';
import { bertConfigFields, bertEmbeddings, encoderSizes } from './encoder/bert-encoder.ts';
import { maskedLanguageModel, poolerHead } from './encoder/encoder-model.ts';
import type { Encoder, LayerModules, PostNormLayer } from './encoder/post-norm-layer.ts';
import { canonicalNames, type ModelFamily } from './model-family.ts';

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
  hidden_act: activation.default('gelu_new'),
  hidden_dropout_prob: rate.default(0),
  attention_probs_dropout_prob: rate.default(0),
  classifier_dropout_prob: rate.default(0.1),
});

/** A checked configuration; see `albertConfigSchema`. */
type AlbertConfig = z.infer<typeof albertConfigSchema>;

/** Checks and completes a configuration. @throws ConfigError listing every problem, or that a group has no layer */
function parseAlbertConfig(value: unknown, where = 'ALBERT configuration'): AlbertConfig {
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

/**
 * BERT's embeddings at a width of their own, projected; then groups of layers, each group applied to its share of
 * the depth with the same modules. Layer i of `num_hidden_layers` is of group ⌊i / (layers / groups)⌋.
 */
function albertEncoder(config: AlbertConfig): Encoder {
  const { embedding_size: width, hidden_size: hiddenSize } = config;
  const projection = 'albert.encoder.embedding_hidden_mapping_in';
  return {
    hiddenSize,
    embeddings: bertEmbeddings('albert', config, { width, projection }),
    layers: albertLayers(config),
  };
}

function albertLayers(config: AlbertConfig): PostNormLayer[] {
  const { num_hidden_layers: layers, num_hidden_groups: groups, inner_group_num: inner } = config;
  const paths = Array.from({ length: layers * inner }, (_, index) => {
    const group = Math.floor(Math.floor(index / inner) / (layers / groups));
    return `albert.encoder.albert_layer_groups.${group}.albert_layers.${index % inner}`;
  });
  const isShared = (path: string) => paths.indexOf(path) !== paths.lastIndexOf(path);
  return paths.map((path, index) => ({
    index,
    modules: modulesOf(path),
    isShared: isShared(path),
    site: `albert.encoder.layer.${index}`,
    numHeads: config.num_attention_heads,
    activation: config.hidden_act,
    epsilon: config.layer_norm_eps,
    // The reference implementation has none between the feed-forward's output and its residual sum.
    dropout: { attention: config.attention_probs_dropout_prob, attentionOutput: config.hidden_dropout_prob },
  }));
}

function modulesOf(path: string): LayerModules {
  return {
    query: `${path}.attention.query`,
    key: `${path}.attention.key`,
    value: `${path}.attention.value`,
    attentionOutput: `${path}.attention.dense`,
    attentionNorm: `${path}.attention.LayerNorm`,
    intermediate: `${path}.ffn`,
    output: `${path}.ffn_output`,
    outputNorm: `${path}.full_layer_layer_norm`,
  };
}

const pooler = 'albert.pooler';

/**
 * An ALBERT encoder with pooler and masked-language-model head. Lan et al. 2020, "ALBERT": embeddings narrower than
 * the layers (section 3.1, factorised embedding parameterisation), and layers that share their parameters.
 *
 * Shared parameters and projections are listed once and have no `layer`; `numLayers` counts applications, and dropout
 * sites and prefixes are of applications too.
 */
function createAlbert(config: AlbertConfig): Model {
  const encoder = albertEncoder(config);
  return maskedLanguageModel(
    {
      family: 'albert',
      encoder,
      sizes: encoderSizes(config),
      pooler,
      sequenceHead: (_, numOutputs) =>
        poolerHead({ encoder, pooler, numOutputs, dropout: config.classifier_dropout_prob }),
    },
    {
      transform: 'predictions.dense',
      transformNorm: 'predictions.LayerNorm',
      activation: config.hidden_act,
      epsilon: config.layer_norm_eps,
      decoder: 'predictions.decoder',
      isTied: config.tie_word_embeddings,
      bias: 'predictions.bias',
    },
  );
}

/** ALBERT as checkpoints have it: names of its parameters, and Hugging Face's classes by head. */
export const albertFamily: ModelFamily = {
  modelType: 'albert',
  create(value, where) {
    const config = parseAlbertConfig(value, where);
    return { model: createAlbert(config), config };
  },
  canonicalName: canonicalNames({
    prefix: 'albert',
    backbone: ['embeddings', 'encoder', 'pooler'],
  }),
  architectures: {
    classification: 'AlbertForSequenceClassification',
    choice: 'AlbertForMultipleChoice',
    languageModel: 'AlbertForMaskedLM',
  },
};
