import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { ForwardCall, Model } from '../../contracts/model.ts';
import { depth, parseConfig, positive, rate, size } from '../config-schema.ts';
import { activationNames } from '../layers/activations.ts';
import { causalMask } from '../layers/attention.ts';
import { decoderModel } from '../layers/decoder-stack.ts';
import { dropout } from '../layers/dropout.ts';
import { positionEmbeddings, wordEmbeddings } from '../layers/embeddings.ts';
import { layerNorm } from '../layers/norms.ts';
import { canonicalNames, type ModelFamily } from '../model-family.ts';
import { gpt2Layer } from './decoder-layer.ts';
import { gpt2Parameters, gpt2Projections, paths } from './parameters.ts';

/**
 * Hugging Face's `config.json` of a GPT-2, under its own names; defaults are theirs. Keys that are not listed are
 * kept, so that a directory can be written back as it was read.
 */
const gpt2ConfigSchema = z.looseObject({
  model_type: z.literal('gpt2'),
  vocab_size: size.default(50257),
  n_positions: size.default(1024),
  n_embd: size.default(768),
  n_layer: depth.default(12),
  n_head: size.default(12),
  /** Width of the feed-forward; four times the hidden size when absent. */
  n_inner: size.nullish(),
  activation_function: z.enum(activationNames).default('gelu_new'),
  resid_pdrop: rate.default(0.1),
  embd_pdrop: rate.default(0.1),
  attn_pdrop: rate.default(0.1),
  layer_norm_epsilon: positive.default(1e-5),
  initializer_range: positive.default(0.02),
  /** Whether scores are divided by √headSize, and by the layer's number from 1. */
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
  add_cross_attention: z.literal(false).default(false),
  tie_word_embeddings: z.boolean().default(true),
});

/** A checked configuration; see `gpt2ConfigSchema`. */
export type Gpt2Config = z.infer<typeof gpt2ConfigSchema>;

/**
 * Checks and completes a configuration.
 *
 * @param where  named in messages, e.g. the path of config.json
 * @throws ConfigError listing every problem
 */
export function parseGpt2Config(value: unknown, where = 'GPT-2 configuration'): Gpt2Config {
  return parseConfig(gpt2ConfigSchema, value, { where, family: 'GPT-2', hidden: 'n_embd', heads: 'n_head' });
}

/**
 * A GPT-2 decoder with its language-model head, as pure functions of the parameter map. Radford et al. 2019,
 * "Language Models are Unsupervised Multitask Learners". Parameters have the names and orientation of Hugging Face's
 * checkpoints: projections are [inputSize, outputSize].
 *
 * Segments are not read, as there are no embeddings for them. Dropout acts on the embeddings, the attention
 * probabilities and both residual branches of each layer; `dropout` says when it is skipped. Call inside `tf.tidy`:
 * intermediate tensors are not disposed one by one.
 */
export function createGpt2(config: Gpt2Config): Model {
  return decoderModel<tf.Tensor4D>({
    family: 'gpt2',
    numLayers: config.n_layer,
    hiddenSize: config.n_embd,
    vocabSize: config.vocab_size,
    maxLength: config.n_positions,
    parameters: gpt2Parameters(config),
    projections: gpt2Projections(config),
    stddev: config.initializer_range,
    decoder: `${config.tie_word_embeddings ? paths.wordEmbeddings : paths.decoder}.weight`,
    embed: (forward) => embed(config, forward),
    view: ({ inputs }, rows) => causalMask(inputs.attentionMask, rows),
    layer: (call) => gpt2Layer({ config, ...call }),
    norm: (input, parameters) =>
      layerNorm({ name: paths.finalNorm, input, epsilon: config.layer_norm_epsilon, parameters }),
  });
}

function embed(config: Gpt2Config, forward: ForwardCall): tf.Tensor2D {
  const { inputs, context } = forward;
  const [batchSize, length] = inputs.inputIds.shape;
  const words = wordEmbeddings(paths.wordEmbeddings, forward);
  const sum = tf.add(words, positionEmbeddings(paths.positionEmbeddings, forward));
  return dropout({
    site: 'transformer.drop',
    input: tf.reshape(sum, [batchSize * length, config.n_embd]) as tf.Tensor2D,
    rate: context.dropout ?? config.embd_pdrop,
    layer: 0,
    context,
  });
}

/** GPT-2 as checkpoints have it: names of its parameters, and Hugging Face's classes by head. */
export const gpt2Family: ModelFamily = {
  modelType: 'gpt2',
  create(value, where) {
    const config = parseGpt2Config(value, where);
    return { model: createGpt2(config), config };
  },
  canonicalName: canonicalNames({ prefix: 'transformer', backbone: ['wte', 'wpe', 'h', 'ln_f'] }),
  // Causal masks that older files hold beside the parameters.
  isBuffer: (name) => /^transformer\.h\.\d+\.attn\.(bias|masked_bias)$/.test(name),
  architectures: {
    classification: 'GPT2ForSequenceClassification',
    // A choice has one output of the same head.
    choice: 'GPT2ForSequenceClassification',
    languageModel: 'GPT2LMHeadModel',
  },
};
