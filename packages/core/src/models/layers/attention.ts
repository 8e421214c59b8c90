import * as tf from '@tensorflow/tfjs';

export interface AttentionCall {
  /** [batch · slots, numHeads · headSize]: as many positions of each sequence as ask. */
  readonly query: tf.Tensor2D;
  /** Both [batch · length, numKeyValueHeads · headSize]. */
  readonly key: tf.Tensor2D;
  readonly value: tf.Tensor2D;
  readonly batchSize: number;
  readonly numHeads: number;
  /**
   * Where it is less than numHeads, each key serves as many neighbouring heads: grouped-query attention, Ainslie et
   * al. 2023, "GQA", section 2.2. Equal when absent.
   */
  readonly numKeyValueHeads?: number;
  /** From `additiveMask` or `causalMask`: [batch, 1, slots or 1, length]. */
  readonly mask: tf.Tensor4D;
  /** Factor on the scores; 1 / √headSize when absent. */
  readonly scale?: number;
  /** Put before the sequence's own keys and values, seen from every position: [batch, keys, prefix, headSize]. */
  readonly prefix?: { readonly key: tf.Tensor4D; readonly value: tf.Tensor4D } | undefined;
  /** Dropout of the probabilities [batch, heads, slots, prefix + length]. */
  readonly dropout: (probabilities: tf.Tensor4D) => tf.Tensor4D;
}

/**
 * Multi-head scaled dot-product attention: softmax(scale · Q Kᵀ + mask) V.
 * Vaswani et al. 2017, "Attention Is All You Need", section 3.2.
 *
 * @returns the heads' outputs side by side, [batch · slots, numHeads · headSize]
 */
export function attention(call: AttentionCall): tf.Tensor2D {
  const { batchSize, numHeads, numKeyValueHeads: keys = numHeads, prefix } = call;
  const headSize = call.query.shape[1] / numHeads;
  const heads = (rows: tf.Tensor2D, count: number): tf.Tensor4D =>
    tf.transpose(tf.reshape(rows, [batchSize, -1, count, headSize]), [0, 2, 1, 3]);
  // The heads that share a key lie below each other, as if they were further positions that ask it.
  const stacked = (each: tf.Tensor4D): tf.Tensor4D =>
    keys === numHeads ? each : tf.reshape(each, [batchSize, keys, -1, each.shape[3]]);
  const apart = (together: tf.Tensor4D): tf.Tensor4D =>
    keys === numHeads ? together : tf.reshape(together, [batchSize, numHeads, -1, together.shape[3]]);
  const query = stacked(heads(call.query, numHeads));
  const key = prefixed(prefix?.key, heads(call.key, keys));
  const value = prefixed(prefix?.value, heads(call.value, keys));
  // Scaled after the product, where a compiled step does it on the way; the gradient's products too.
  const products = tf.mul<tf.Tensor4D>(tf.matMul(query, key, false, true), call.scale ?? 1 / Math.sqrt(headSize));
  const scores = tf.add(apart(products), widened(call.mask, prefix?.key.shape[2] ?? 0));
  const probabilities = call.dropout(tf.softmax(scores) as tf.Tensor4D);
  const mixed = apart(tf.matMul(stacked(probabilities), value)); // [batch, heads, slots, headSize]
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
