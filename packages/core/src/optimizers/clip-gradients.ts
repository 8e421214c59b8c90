import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../contracts/tensors.ts';

/**
 * Global-norm clipping: every gradient times min(1, maxNorm / (norm + 1e-6)), where norm is that of all gradients as
 * one vector. The 1e-6 is PyTorch's.
 */
export function clipGradients(gradients: Tensors, maxNorm: number): Tensors {
  if (gradients.size === 0) return gradients;
  const squares = [...gradients.values()].map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(squares.reduce((total, square) => tf.add(total, square)));
  const factor = tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1);
  return new Map([...gradients].map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}
