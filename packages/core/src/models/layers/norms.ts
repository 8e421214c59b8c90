import type { Tensors } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import { parameter } from './parameters.ts';

/**
 * Layer normalisation over the last dimension: y = γ · (x - mean) / √(variance + ε) + β, variance without Bessel's
 * correction. Ba et al. 2016, "Layer Normalization", section 3.
 *
 * The gradient is written out, n being the normalised input and g = dy · γ:
 * dx = (g - mean(g) - n · mean(g · n)) / √(variance + ε). Derived through mean and variance it takes three times
 * as many operations, and each one is a pass over the activations.
 *
 * @param name   module path; the parameters are `${name}.weight` and `${name}.bias`, both [size]
 * @param input  [rows, size]
 * @returns      [rows, size]
 */
export function layerNorm(call: {
  readonly name: string;
  readonly input: tf.Tensor2D;
  readonly epsilon: number;
  readonly parameters: Tensors;
}): tf.Tensor2D {
  const weight = parameter<tf.Tensor1D>(call.parameters, `${call.name}.weight`);
  const bias = parameter<tf.Tensor1D>(call.parameters, `${call.name}.bias`);
  return normalize(call.input, weight, bias, call.epsilon);
}

function normalize(input: tf.Tensor2D, weight: tf.Tensor1D, bias: tf.Tensor1D, epsilon: number): tf.Tensor2D {
  const operation = tf.customGrad((x, gamma, beta, save) => {
    const centered = tf.sub(x as tf.Tensor, tf.mean(x as tf.Tensor, -1, true));
    const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centered), -1, true), epsilon));
    const normalized = tf.mul(centered, scale);
    (save as tf.GradSaveFunc)([normalized, scale, gamma as tf.Tensor]);
    return {
      value: tf.add(tf.mul(normalized, gamma as tf.Tensor), beta as tf.Tensor),
      gradFunc: normalizeGradient,
    };
  });
  return operation(input, weight, bias) as tf.Tensor2D;
}

function normalizeGradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [normalized, scale, gamma] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
  const scaled = tf.mul(dy, gamma);
  const along = tf.mean(tf.mul(scaled, normalized), -1, true);
  const dx = tf.mul(tf.sub(tf.sub(scaled, tf.mean(scaled, -1, true)), tf.mul(normalized, along)), scale);
  return [dx, tf.sum(tf.mul(dy, normalized), 0), tf.sum(dy, 0)];
}

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
