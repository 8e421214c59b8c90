import * as tf from '@tensorflow/tfjs-core';
import { additiveMask } from './attention.ts';
import { firstPositions, places } from './first-positions.ts';

/**
 * What is added to attention scores where a position sees itself and what is before it: 0 where the key is real and
 * not after the query, -10⁹ or less elsewhere. Counted along the row, so that padding may be on either side.
 *
 * @param attentionMask  int32 [batch, length]
 * @param rows           int32 [batch, slots]: the positions that ask, as b · length + position; all when absent
 * @returns              [batch, 1, slots, length]
 */
export function causalMask(attentionMask: tf.Tensor2D, rows?: tf.Tensor2D): tf.Tensor4D {
  const [batchSize, length] = attentionMask.shape;
  const keys = tf.reshape(places(length), [1, 1, 1, length]);
  const queries =
    rows === undefined
      ? tf.reshape(places(length), [1, 1, length, 1])
      : tf.reshape(placesOf(rows, batchSize, length), [batchSize, 1, -1, 1]);
  const after = tf.cast(tf.greater(keys, queries), 'float32');
  return tf.add(tf.mul(after, -1e9), additiveMask(attentionMask));
}

/** Where flattened positions are in their own sequences. */
function placesOf(rows: tf.Tensor2D, batchSize: number, length: number): tf.Tensor2D {
  return tf.sub(rows, tf.reshape(firstPositions(batchSize, length), [batchSize, 1]));
}
