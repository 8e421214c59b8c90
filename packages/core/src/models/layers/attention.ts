import * as tf from '@tensorflow/tfjs';

export interface AttentionCall {
  /** [batch · slots, hiddenSize]: as many positions of each sequence as ask. */
  readonly query: tf.Tensor2D;
  /** Both [batch · length, hiddenSize]. */
  readonly key: tf.Tensor2D;
  readonly value: tf.Tensor2D;
  readonly batchSize: number;
  readonly numHeads: number;
  /** From `additiveMask`: [batch, 1, 1, length]. */
  readonly mask: tf.Tensor4D;
  /** Put before the sequence's own keys and values, seen from every position: [batch, heads, prefix, headSize]. */
  readonly prefix?: { readonly key: tf.Tensor4D; readonly value: tf.Tensor4D } | undefined;
  /** Dropout of the probabilities [batch, heads, slots, prefix + length]. */
  readonly dropout: (probabilities: tf.Tensor4D) => tf.Tensor4D;
}

/**
 * Multi-head scaled dot-product attention: softmax(Q Kᵀ / √headSize + mask) V.
 * Vaswani et al. 2017, "Attention Is All You Need", section 3.2.
 *
 * @returns the heads' outputs side by side, [batch · slots, hiddenSize]
 */
export function attention(call: AttentionCall): tf.Tensor2D {
  const { batchSize, numHeads, prefix } = call;
  const hiddenSize = call.query.shape[1];
  const heads = (rows: tf.Tensor2D): tf.Tensor4D =>
    tf.transpose(tf.reshape(rows, [batchSize, -1, numHeads, hiddenSize / numHeads]), [0, 2, 1, 3]);
  const query = heads(call.query);
  const key = prefixed(prefix?.key, heads(call.key));
  const value = prefixed(prefix?.value, heads(call.value));
  // Scaled after the product, where a compiled step does it on the way; the gradient's products too.
  const products = tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(hiddenSize / numHeads));
  const scores = tf.add(products, widened(call.mask, prefix?.key.shape[2] ?? 0));
  const probabilities = call.dropout(tf.softmax(scores) as tf.Tensor4D);
  const mixed = tf.matMul(probabilities, value); // [batch, heads, slots, headSize]
  return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), call.query.shape);
}

/**
 * What is added to attention scores: 0 where the mask is 1, -10⁹ where it is 0. Finite, so that a row of padding
 * alone gives numbers and not NaN; large enough that exp of it is exactly 0 beside any real position.
 *
 * @param attentionMask  int32 [batch, length]
 * @returns              [batch, 1, 1, length]
 */
export function additiveMask(attentionMask: tf.Tensor2D): tf.Tensor4D {
  const [batchSize, length] = attentionMask.shape;
  const distance = tf.mul(tf.sub(tf.cast(attentionMask, 'float32'), 1), 1e9);
  return tf.reshape(distance, [batchSize, 1, 1, length]);
}

function prefixed(prefix: tf.Tensor4D | undefined, own: tf.Tensor4D): tf.Tensor4D {
  return prefix === undefined ? own : tf.concat([prefix, own], 2);
}

/** Prefix positions are always visible: zeros before the mask. */
function widened(mask: tf.Tensor4D, prefixLength: number): tf.Tensor4D {
  if (prefixLength === 0) return mask;
  return tf.pad(mask, [
    [0, 0],
    [0, 0],
    [0, 0],
    [prefixLength, 0],
  ]);
}
