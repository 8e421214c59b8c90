import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { analyse } from './cost/analyse.ts';
import { trace } from './trace/trace.ts';

/** Peak of the intermediate values of a function of x, 400 bytes as [10, 10]. */
function peak(fn: (x: tf.Tensor2D) => Readonly<Record<string, tf.Tensor>>): number {
  const graph = trace(
    ({ inputs }) => new Map(Object.entries(fn(inputs.get('x') as tf.Tensor2D))),
    [{ name: 'x', shape: [10, 10], dtype: 'float32' }],
  );
  return analyse(graph).memory.peakLiveBytes;
}

const one = 400;

test.each<[string, number, number]>([
  ['one element-wise result', peak((x) => ({ y: tf.exp(x) })), one],
  ['element-wise results in one place', peak((x) => ({ y: tf.neg(tf.sqrt(tf.exp(x))) })), one],
  ['a product beside its operand', peak((x) => ({ y: tf.matMul(tf.exp(x), x) })), 2 * one],
  ['a chain of products, freed behind it', peak((x) => ({ y: tf.matMul(tf.matMul(tf.exp(x), x), x) })), 2 * one],
  [
    'a value that is read again later stays',
    peak((x) => {
      const kept = tf.exp(x);
      return { y: tf.add(tf.matMul(tf.sqrt(kept), x), kept) };
    }),
    3 * one,
  ],
  ['a reshape is a view', peak((x) => ({ y: tf.neg(tf.reshape(tf.exp(x), [100])) })), one],
  ['a view of an input is no memory', peak((x) => ({ y: tf.sum(tf.reshape(x, [100])) })), 4],
  ['a transpose is a copy', peak((x) => ({ y: tf.transpose(tf.exp(x)) })), 2 * one],
  ['an output stays to the end', peak((x) => ({ y: tf.sum(tf.matMul(x, x)), z: tf.exp(x) })), 2 * one + 4],
  ['a new state has memory of its own', peak((x) => ({ 'next:x': tf.exp(x) })), 0],
  ['a constant has memory of its own', peak((x) => ({ y: tf.add(x, tf.ones([10, 10])) })), one],
  ['a bool takes one byte', peak((x) => ({ y: tf.greater(x, 0) })), 100],
  [
    'the last branch runs first, so branches are not alive together',
    peak((x) => {
      const branch = (n: number) => tf.sum(tf.matMul(tf.mul(x, n), x));
      return { a: branch(2), b: branch(3), c: branch(4) };
    }),
    2 * one + 2 * 4,
  ],
])('%s', (_what, bytes, byHand) => {
  expect(bytes).toBe(byHand);
});
