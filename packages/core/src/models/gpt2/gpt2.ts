import * as tf from '@tensorflow/tfjs-core';
import type { ForwardCall, Model } from '../../contracts/model.ts';
import { causalMask } from '../layers/attention.ts';
import { decoderModel } from '../layers/decoder-stack.ts';
import { dropout } from '../layers/dropout.ts';
import { positionEmbeddings, wordEmbeddings } from '../layers/embeddings.ts';
import { layerNorm } from '../layers/norms.ts';
import { canonicalNames, type ModelFamily } from '../model-family.ts';
import { type Gpt2Config, parseGpt2Config } from './config.ts';
import { gpt2Layer } from './decoder-layer.ts';
import { gpt2Parameters, gpt2Projections, paths } from './parameters.ts';

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
    decoder: paths.decoder,
    wordEmbeddings: paths.wordEmbeddings,
    isTied: config.tie_word_embeddings,
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
