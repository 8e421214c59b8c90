import * as tf from '@tensorflow/tfjs-core';

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
  // A product, so that the gradient is one too and not sums of rows, which run one after the other. Ordinary tokens
  // have number -1, which is no column: they add nothing and send no gradient to the prompts.
  const numbers = tf.sub(tf.reshape(virtualTokenIndex, [-1]), tf.scalar(1, 'int32')) as tf.Tensor1D;
  const places = tf.cast(tf.oneHot(numbers, prompts.shape[0]), 'float32') as tf.Tensor2D; // [batch · length, prompts]
  const rows = tf.reshape(tf.matMul(places, prompts), [batch, length, width]);
  const isOrdinary = tf.cast(tf.equal(virtualTokenIndex, tf.scalar(0, 'int32')), 'float32'); // [batch, length]
  return tf.add(tf.mul(embeddings, tf.expandDims(isOrdinary, -1)), rows);
}
