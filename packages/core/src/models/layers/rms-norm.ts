import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../../contracts/tensors.ts';
import { parameter } from './parameter.ts';

/**
 * Root-mean-square normalisation over the last dimension: y = γ · x / √(mean(x²) + ε).
 * Zhang and Sennrich 2019, "Root Mean Square Layer Normalization", section 3.
 *
 * The gradient is written out, n being the normalised input and g = dy · γ: dx = (g - n · mean(g · n)) / √(mean(x²) + ε).
 *
 * @param name   module path; the parameter is `${name}.weight` [size]
 * @param input  [rows, size]
 * @returns      [rows, size]
 */
export function rmsNorm(call: {
  readonly name: string;
  readonly input: tf.Tensor2D;
  readonly epsilon: number;
  readonly parameters: Tensors;
}): tf.Tensor2D {
  const operation = tf.customGrad((x, gamma, save) => {
    const scale = tf.rsqrt(tf.add(tf.mean(tf.square(x as tf.Tensor), -1, true), call.epsilon));
    const normalized = tf.mul(x as tf.Tensor, scale);
    (save as tf.GradSaveFunc)([normalized, scale, gamma as tf.Tensor]);
    return { value: tf.mul(normalized, gamma as tf.Tensor), gradFunc: rmsNormGradient };
  });
  return operation(call.input, parameter(call.parameters, `${call.name}.weight`)) as tf.Tensor2D;
}

function rmsNormGradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [normalized, scale, gamma] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
  const scaled = tf.mul(dy, gamma);
  const along = tf.mean(tf.mul(scaled, normalized), -1, true);
  return [tf.mul(tf.sub(scaled, tf.mul(normalized, along)), scale), tf.sum(tf.mul(dy, normalized), 0)];
}
