import * as tf from '@tensorflow/tfjs';
import type { Tensors } from '../../contracts/tensors.ts';
import { gelu } from '../layers/gelu.ts';
import { layerNorm } from '../layers/layer-norm.ts';
import { linear } from '../layers/linear.ts';
import { parameter } from '../layers/parameter.ts';
import type { BertConfig } from './config.ts';
import { paths } from './parameters.ts';

/**
 * tanh(W h + b) of the first position.
 *
 * @param last  [batch, length, hiddenSize]
 * @returns     [batch, hiddenSize]
 */
export function poolFirstPosition(last: tf.Tensor3D, parameters: Tensors): tf.Tensor2D {
  const [batchSize, , hiddenSize] = last.shape;
  const first = tf.reshape(tf.slice(last, [0, 0, 0], [batchSize, 1, hiddenSize]), [batchSize, hiddenSize]);
  return tf.tanh(linear({ name: paths.pooler, input: first as tf.Tensor2D, parameters }));
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
