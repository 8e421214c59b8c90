import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../contracts/tensors.ts';
import { named } from './forward.ts';

/**
 * −log softmax(logits) at the target of each row.
 *
 * @param logits   [rows, classes]
 * @param targets  one-hot, [rows, classes]
 * @returns        [rows]
 */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  return tf.neg(targetLogProbabilities(logits, targets));
}

/** log softmax(logits) at the target of each row: [rows]. */
export function targetLogProbabilities(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  return tf.sum(tf.mul(tf.logSoftmax(logits), targets), 1);
}

/**
 * Σ weight · value / Σ weight. Rows of weight 0 leave no trace in value or gradient.
 *
 * @param values   [rows], finite everywhere
 * @param weights  [rows], not all 0
 */
export function weightedMean(values: tf.Tensor1D, weights: tf.Tensor1D): tf.Scalar {
  return tf.div(tf.sum(tf.mul(values, weights)), tf.sum(weights));
}

/** The batch's target ids as one-hot rows: [rows, classes]. */
export function oneHotTargets(batch: Tensors, classes: number): tf.Tensor2D {
  return tf.oneHot(named<tf.Tensor1D>(batch, 'targets'), classes, 1, 0, 'float32') as tf.Tensor2D;
}
