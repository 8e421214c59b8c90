import { trace } from '@attune/graph';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { productFlops, productKey, productsOf, shareOfPeak } from './products.ts';

const graph = trace(
  ({ inputs }) => {
    const [x, w] = [inputs.get('x') as tf.Tensor2D, inputs.get('w') as tf.Tensor2D];
    const once = tf.matMul(x, w, false, true); // [4, 3] x [3, 5]
    const transposed = tf.matMul(once, x, true, false); // [5, 4] x [4, 3]
    const heads = tf.reshape(x, [2, 2, 3]);
    const batched = tf.matMul(heads, heads, false, true); // 2 times [2, 3] x [3, 2]
    return new Map([
      ['a', tf.matMul(tf.relu(x), w, false, true)],
      ['b', transposed],
      ['c', batched],
    ]);
  },
  [
    { name: 'x', shape: [4, 3], dtype: 'float32' },
    { name: 'w', shape: [5, 3], dtype: 'float32' },
  ],
);

test('finds the distinct products of a graph, whatever is transposed', () => {
  expect(productsOf(graph)).toEqual([
    { batch: 1, m: 4, k: 3, n: 5, count: 2 },
    { batch: 1, m: 5, k: 4, n: 3, count: 1 },
    { batch: 2, m: 2, k: 3, n: 2, count: 1 },
  ]);
});

test('a multiply-add is two operations', () => {
  expect(productFlops({ batch: 2, m: 3, k: 4, n: 5 })).toBe(240);
});

test('the share of the peak weighs each product by its own best rate', () => {
  const [fast, slow] = [
    { batch: 1, m: 10, k: 10, n: 10, count: 3 },
    { batch: 2, m: 10, k: 10, n: 5, count: 1 },
  ];
  const rates = new Map([
    [productKey(fast), 2e6],
    [productKey(slow), 1e6],
  ]);
  // 3 · 2,000 / 2e6 s and 2,000 / 1e6 s: 5 ms in all.
  expect(shareOfPeak([fast, slow], rates, 10)).toBeCloseTo(0.5, 12);
  expect(() => shareOfPeak([fast], new Map(), 10)).toThrow('no rate for 1x[10,10]x[10,10]');
});
