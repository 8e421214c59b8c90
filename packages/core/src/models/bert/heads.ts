import * as tf from '@tensorflow/tfjs';
import type { LanguageModelCall } from '../../contracts/model.ts';
import type { Tensors } from '../../contracts/tensors.ts';
import { gelu } from '../layers/gelu.ts';
import { layerNorm } from '../layers/layer-norm.ts';
import { linear } from '../layers/linear.ts';
import { parameter } from '../layers/parameter.ts';
import type { BertConfig } from './config.ts';
import { paths } from './parameters.ts';

/**
 * tanh(W h + b).
 *
 * @param first  last hidden states of each sequence's first position, [batch, hiddenSize]
 * @returns      [batch, hiddenSize]
 */
export function pool(first: tf.Tensor2D, parameters: Tensors): tf.Tensor2D {
  return tf.tanh(linear({ name: paths.pooler, input: first, parameters }));
}

/**
 * Masked-language-model logits: E · LN(gelu(W h + b)) + c, with E the word embeddings unless the decoder is untied.
 *
 * @param call.hidden  [rows, hiddenSize]
 * @returns            [rows, vocabSize], or [rows, ids] of the given tokens alone: then only their rows of E are read
 */
export function maskedLanguageModelLogits(config: BertConfig, call: LanguageModelCall): tf.Tensor2D {
  const { hidden, parameters, ids } = call;
  const transformed = layerNorm({
    name: paths.transformNorm,
    input: gelu(linear({ name: paths.transform, input: hidden, parameters })),
    epsilon: config.layer_norm_eps,
    parameters,
  });
  const decoder = config.tie_word_embeddings ? paths.wordEmbeddings : paths.decoder;
  const read = <T extends tf.Tensor>(all: T): T =>
    ids === undefined ? all : tf.gather(all, tf.tensor1d([...ids], 'int32'));
  const weight = read(parameter<tf.Tensor2D>(parameters, `${decoder}.weight`));
  const bias = read(parameter<tf.Tensor1D>(parameters, paths.decoderBias));
  return tf.add(tf.matMul(transformed, weight, false, true), bias);
}
