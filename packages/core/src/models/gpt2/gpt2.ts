import * as tf from '@tensorflow/tfjs-core';
import type { ForwardCall, Model } from '../../contracts/model.ts';
import { causalMask } from '../layers/causal-mask.ts';
import { decoderModel } from '../layers/decoder-model.ts';
import { dropout } from '../layers/dropout.ts';
import { layerNorm } from '../layers/layer-norm.ts';
import { positionEmbeddings, wordEmbeddings } from '../layers/token-embeddings.ts';
import type { Gpt2Config } from './config.ts';
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
