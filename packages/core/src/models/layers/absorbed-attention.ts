import * as tf from '@tensorflow/tfjs-core';
import type { Hooks } from '../../contracts/model.ts';
import { linearHookAt } from './linear.ts';

/** Keys or values that are not computed: x Wᵀ + b of all positions. */
export interface Unprojected {
  /** x [batch · length, inputSize] */
  readonly input: tf.Tensor2D;
  /** W [numHeads · headSize, inputSize] */
  readonly weight: tf.Tensor2D;
  /** b [numHeads · headSize] */
  readonly bias: tf.Tensor1D;
}

/**
 * Whether keys or values of this projection need not be computed: each sequence has one query position, and no method
 * sees them.
 */
export function isAbsorbed({
  hooks,
  name,
  rows,
}: {
  readonly hooks: Hooks;
  readonly name: string;
  /** [batch, slots]: the query positions; all when absent. */
  readonly rows: tf.Tensor2D | undefined;
}): boolean {
  return rows?.shape[1] === 1 && hooks.keyValuePrefix === undefined && linearHookAt(hooks, name) === undefined;
}

/**
 * Products of one query of each sequence with keys that are never computed: q·(W x + b) = (Wᵀ q)·x + q·b. W goes
 * through once for each head instead of once for each position. DeepSeek-AI 2024, "DeepSeek-V2", section 2.1.2, absorbs
 * matrices in the same way. The same value in exact arithmetic, rounded otherwise.
 *
 * @param query  [batch, numHeads · headSize]
 * @returns      [batch, numHeads, 1, length]
 */
export function absorbedProducts(query: tf.Tensor2D, key: Unprojected, numHeads: number): tf.Tensor4D {
  const [batchSize, size] = query.shape;
  const asked = tf.reshape(tf.mul(tf.expandDims(query, 1), ownColumns(numHeads, size)), [-1, size]) as tf.Tensor2D;
  const turned = tf.reshape(tf.matMul(asked, key.weight), [batchSize, numHeads, -1]);
  const constant = tf.reshape(tf.matMul(asked, tf.reshape(key.bias, [size, 1])), [batchSize, numHeads, 1]);
  const products = tf.add(tf.matMul(turned, bySequence(key.input, batchSize), false, true), constant);
  return tf.expandDims(products, 2);
}

/**
 * Mixtures of values that are never computed, for one query of each sequence: Σ p (W x + b) = W Σ p x + b Σ p.
 *
 * @param probabilities  p [batch, numHeads, 1, length]; after dropout their sum is not 1
 * @returns              the heads' outputs side by side, [batch, numHeads · headSize]
 */
export function absorbedMixture(probabilities: tf.Tensor4D, value: Unprojected): tf.Tensor2D {
  const [batchSize, numHeads] = probabilities.shape;
  const [size, inputSize] = value.weight.shape;
  const weights = tf.squeeze(probabilities, [2]) as tf.Tensor3D; // [batch, heads, length]
  const mixed = tf.reshape(tf.matMul(weights, bySequence(value.input, batchSize)), [-1, inputSize]) as tf.Tensor2D;
  const projected = tf.reshape(tf.matMul(mixed, value.weight, false, true), [batchSize, numHeads, size]);
  const biased = tf.add(projected, tf.mul(tf.sum(weights, 2, true), value.bias));
  return tf.sum(tf.mul(biased, ownColumns(numHeads, size)), 1);
}

function bySequence(rows: tf.Tensor2D, batchSize: number): tf.Tensor3D {
  return tf.reshape(rows, [batchSize, -1, rows.shape[1]]);
}

/** 1 in each head's own columns, 0 in the others': [numHeads, size]. */
function ownColumns(numHeads: number, size: number): tf.Tensor2D {
  const owner = (column: number) => Math.floor((column * numHeads) / size);
  const places = Float32Array.from({ length: numHeads * size }, (_, place) =>
    owner(place % size) === Math.floor(place / size) ? 1 : 0,
  );
  return tf.tensor2d(places, [numHeads, size]);
}
