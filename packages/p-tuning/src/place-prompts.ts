import * as tf from '@tensorflow/tfjs';

/**
 * Overwrites the embedding of every pseudo token: where `virtualTokenIndex` is k, row k - 1 of `prompts` stands.
 * Position and type embeddings, layer norm and dropout still follow, as in the authors' code.
 *
 * @param embeddings         word embeddings [batch, length, width]
 * @param prompts            [numVirtualTokens, width]
 * @param virtualTokenIndex  int32 [batch, length], 0 for ordinary tokens
 */
export function placePrompts(
  embeddings: tf.Tensor3D,
  prompts: tf.Tensor2D,
  virtualTokenIndex: tf.Tensor2D,
): tf.Tensor3D {
  const [batch, length, width] = embeddings.shape;
  // Row 0 of the table is zero, so ordinary tokens add nothing and send no gradient to the prompts.
  const table = tf.concat([tf.zeros([1, width]), prompts], 0); // [1 + numVirtualTokens, width]
  const rows = tf.reshape(tf.gather(table, tf.reshape(virtualTokenIndex, [-1])), [batch, length, width]);
  const isOrdinary = tf.cast(tf.equal(virtualTokenIndex, tf.scalar(0, 'int32')), 'float32'); // [batch, length]
  return tf.add(tf.mul(embeddings, tf.expandDims(isOrdinary, -1)), rows);
}
