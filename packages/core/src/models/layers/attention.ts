import * as tf from '@tensorflow/tfjs-core';
import { absorbedMixture, absorbedProducts, type Unprojected } from './absorbed-attention.ts';
import { firstPositions, places } from './sequence-head.ts';

/**
 * What is added to attention scores where a position sees itself and what is before it: 0 where the key is real and
 * not after the query, -10⁹ or less elsewhere. Counted along the row, so that padding may be on either side.
 *
 * @param attentionMask  int32 [batch, length]
 * @param rows           int32 [batch, slots]: the query positions, as b · length + position; all when absent
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

/** Queries, keys and values side by side by head, and what is added to their scores. */
export interface AttentionCall {
  /** [batch · slots, numHeads · headSize]: the query positions of each sequence. */
  readonly query: tf.Tensor2D;
  /**
   * Both [batch · length, numKeyValueHeads · headSize]; or what they would be computed from, where each sequence
   * has one query position, heads share no keys and there is no prefix.
   */
  readonly key: tf.Tensor2D | Unprojected;
  readonly value: tf.Tensor2D | Unprojected;
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
  const scores = tf.add(products(call), widened(call.mask, call.prefix?.key.shape[2] ?? 0));
  return mixture(call, call.dropout(tf.softmax(scores) as tf.Tensor4D));
}

/** scale · Q Kᵀ: [batch, heads, slots, prefix + length]. */
function products(call: AttentionCall): tf.Tensor4D {
  const { query, key, numHeads, prefix } = call;
  const { split, stacked, apart, headSize } = headLayout(call);
  const scale = call.scale ?? 1 / Math.sqrt(headSize);
  if ('weight' in key) return tf.mul(absorbedProducts(query, key, numHeads), scale);
  const keys = prefixed(prefix?.key, split(key));
  // Scaled after the product, where a compiled step does it on the way; the gradient's products too.
  return apart(tf.mul<tf.Tensor4D>(tf.matMul(stacked(split(query)), keys, false, true), scale));
}

function mixture(call: AttentionCall, probabilities: tf.Tensor4D): tf.Tensor2D {
  const { value, query, prefix } = call;
  if ('weight' in value) return absorbedMixture(probabilities, value);
  const { split, stacked, apart } = headLayout(call);
  const values = prefixed(prefix?.value, split(value));
  const mixed = apart(tf.matMul(stacked(probabilities), values)); // [batch, heads, slots, headSize]
  return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), query.shape);
}

function headLayout({ batchSize, query, numHeads, numKeyValueHeads: keys = numHeads }: AttentionCall) {
  const headSize = query.shape[1] / numHeads;
  return {
    headSize,
    /** [batch, heads of these rows, positions, headSize] */
    split: (rows: tf.Tensor2D): tf.Tensor4D =>
      tf.transpose(tf.reshape(rows, [batchSize, -1, rows.shape[1] / headSize, headSize]), [0, 2, 1, 3]),
    /** The heads that share a key lie below each other, as if they were further query positions. */
    stacked: (each: tf.Tensor4D): tf.Tensor4D =>
      keys === numHeads ? each : tf.reshape(each, [batchSize, keys, -1, each.shape[3]]),
    apart: (together: tf.Tensor4D): tf.Tensor4D =>
      keys === numHeads ? together : tf.reshape(together, [batchSize, numHeads, -1, together.shape[3]]),
  };
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
