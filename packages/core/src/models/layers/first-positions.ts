import * as tf from '@tensorflow/tfjs-core';

/**
 * Where each sequence starts among flattened positions, b · length: int32 [batchSize]. A running sum, because a list
 * of numbers would have as many as there were sequences while tracing, and an exported model takes any number.
 */
export function firstPositions(batchSize: number, length: number): tf.Tensor1D {
  return tf.cumsum(tf.fill([batchSize], length, 'int32'), 0, true) as tf.Tensor1D;
}

/** 0, 1, 2, … along one sequence: int32 [length]. */
export function places(length: number): tf.Tensor1D {
  return firstPositions(length, 1);
}
