import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { hashGraph } from './print-graph.ts';
import { trace } from './trace/trace.ts';

const hash = (fn: (x: tf.Tensor) => tf.Tensor, name = 'x'): string =>
  hashGraph(trace(({ inputs }) => new Map([['y', fn(inputs.get(name)!)]]), [{ name, shape: [9], dtype: 'float32' }]));
const constant = (last: number): tf.Tensor => tf.tensor1d([1, 2, 3, 4, 5, 6, 7, 8, last]);

test('equal graphs have equal hashes, from run to run', () => {
  expect(hash((x) => tf.neg(x))).toBe('4b39038e19f6917f9717b46809b31754a26fd81bb4ae67e615b476a3d3aa60e7');
  expect(hash((x) => tf.neg(x))).toBe(hash((x) => tf.neg(x)));
});

test('names, attributes, shapes and the content of long constants count', () => {
  const hashes = [
    hash((x) => tf.neg(x)),
    hash((x) => tf.neg(x), 'z'),
    hash((x) => tf.sum(x)),
    hash((x) => tf.sum(x, 0, true)),
    hash((x) => tf.add(x, constant(9))),
    hash((x) => tf.add(x, constant(10))),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});
