import * as tf from '@tensorflow/tfjs-core';

/**
 * A row for each index with 1 at that place and 0 elsewhere; an index outside gives a row of zeros. `tf.oneHot` is the
 * same but refuses a depth of 1, which its kernel computes: one pseudo token, or a vocabulary of one word.
 *
 * @param indices  int32, any shape
 * @param depth    length of the new last axis, at least 1
 * @returns        [...indices, depth]
 */
export function oneHot(indices: tf.Tensor, depth: number, dtype: 'float32' | 'int32' = 'float32'): tf.Tensor {
  return tf.engine().runKernel('OneHot', { indices }, { depth, onValue: 1, offValue: 0, dtype });
}
