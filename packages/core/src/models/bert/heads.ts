import * as tf from '@tensorflow/tfjs';
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
 * @param hidden  [rows, hiddenSize]
 * @returns       [rows, vocabSize]
 */
export function maskedLanguageModelLogits(config: BertConfig, hidden: tf.Tensor2D, parameters: Tensors): tf.Tensor2D {
  const transformed = layerNorm({
    name: paths.transformNorm,
    input: gelu(linear({ name: paths.transform, input: hidden, parameters })),
    epsilon: config.layer_norm_eps,
    parameters,
  });
  const decoder = config.tie_word_embeddings ? paths.wordEmbeddings : paths.decoder;
  const weight = parameter<tf.Tensor2D>(parameters, `${decoder}.weight`);
  return tf.add(tf.matMul(transformed, weight, false, true), parameter(parameters, paths.decoderBias));
}
