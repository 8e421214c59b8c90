import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { trace } from '../trace/trace.ts';
import { countFlops } from './node-costs.ts';

function flops(fn: (...x: tf.Tensor[]) => tf.Tensor, ...shapes: readonly (readonly number[])[]): number {
  const specs = shapes.map((shape, index) => ({ name: `${index}`, shape, dtype: 'float32' as const }));
  return countFlops(trace(({ inputs }) => new Map([['y', fn(...inputs.values())]]), specs));
}

// The right-hand sides are counted by hand.
test.each<[string, number, number]>([
  ['matrix product', flops((a, b) => tf.matMul(a!, b!), [3, 5], [5, 7]), 2 * 3 * 5 * 7],
  ['its transposes', flops((a, b) => tf.matMul(a!, b!, true, true), [5, 3], [7, 5]), 2 * 3 * 5 * 7],
  ['a batch of them', flops((a, b) => tf.matMul(a!, b!), [4, 2, 3, 5], [4, 2, 5, 7]), 8 * 2 * 3 * 5 * 7],
  ['addition with broadcasting', flops((a, b) => tf.add(a!, b!), [4, 1], [3]), 12],
  ['squared difference', flops((a, b) => tf.squaredDifference(a!, b!), [6], [6]), 12],
  ['sum', flops((x) => tf.sum(x!, -1), [4, 5]), 20],
  ['sum of three tensors', flops((a, b, c) => tf.addN([a!, b!, c!]), [6], [6], [6]), 12],
  ['softmax', flops((x) => tf.softmax(x!), [4, 5]), 100],
  ['moving data', flops((x) => tf.pad(tf.reshape(tf.transpose(x!), [6]), [[1, 1]]), [2, 3]), 0],
  ['embedding', flops((x) => tf.gather(x!, tf.tensor1d([0, 1], 'int32')), [9, 4]), 0],
  ['its gradient', flops((x) => tf.unsortedSegmentSum(x!, tf.tensor1d([0, 1, 1], 'int32'), 9), [3, 4]), 12],
])('%s', (_what, counted, byHand) => {
  expect(counted).toBe(byHand);
});
