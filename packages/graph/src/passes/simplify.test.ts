import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectPassKeepsValue } from '../../test/keeps-value.ts';
import { printGraph } from '../print-graph.ts';
import { trace } from '../trace/trace.ts';
import { mergeSegmentSums, simplify } from './simplify.ts';

/** The nodes of y = fn(x) after a pass, one line each. */
function nodes(fn: (x: tf.Tensor) => tf.Tensor, pass = simplify): string[] {
  const spec = { name: 'x', shape: [2, 3], dtype: 'float32' as const };
  const graph = pass(trace(({ inputs }) => new Map([['y', fn(inputs.get('x')!)]]), [spec]));
  return printGraph(graph)
    .split('\n')
    .filter((line) => line.includes(' : ') || line.startsWith('output'));
}

test('keeps the value', () => expectPassKeepsValue(simplify));

test.each<[string, (x: tf.Tensor) => tf.Tensor]>([
  ['x · 1', (x) => tf.mul(x, 1)],
  ['1 · x', (x) => tf.mul(1, x)],
  ['x · ones', (x) => tf.mul(x, tf.onesLike(x))],
  ['x / 1', (x) => tf.div(x, 1)],
  ['x + 0', (x) => tf.add(x, 0)],
  ['zeros + x', (x) => tf.add(tf.zerosLike(x), x)],
  ['x - 0', (x) => tf.sub(x, 0)],
  ['there and back', (x) => tf.transpose(tf.transpose(x))],
  ['another shape and back', (x) => tf.reshape(tf.reshape(tf.reshape(x, [6]), [3, 2]), [2, 3])],
])('%s is x', (_what, fn) => expect(nodes(fn)).toEqual(['output "y" = %0']));

test.each<[string, (x: tf.Tensor) => tf.Tensor, string]>([
  ['0 - x', (x) => tf.sub(0, x), 'Sub'],
  ['1 / x', (x) => tf.div(1, x), 'RealDiv'],
  ['ones of another shape', (x) => tf.mul(x, tf.ones([4, 2, 3])), 'Multiply'],
])('%s stays', (_what, fn, kernel) => expect(nodes(fn).join()).toContain(kernel));

test('a repeated number is read as a scalar', () => {
  expect(nodes((x) => tf.mul(x, tf.fill([2, 3], 5)))).toEqual([
    '%2 = Multiply %0 %1 : float32[2, 3]',
    'output "y" = %2',
  ]);
});

test('transposes in a row are one', () => {
  const twice = (x: tf.Tensor) => tf.transpose(tf.transpose(tf.expandDims(x), [1, 2, 0]), [1, 0, 2]);
  expect(nodes(twice).filter((line) => line.includes('Transpose'))).toEqual([
    '%2 = Transpose{perm=[2, 1, 0]} %1 : float32[3, 2, 1]',
  ]);
});

test('two embedding gradients of one table are one', () => {
  const both = (x: tf.Tensor) => {
    const sum = (ids: number[]) => tf.unsortedSegmentSum(x, tf.tensor1d(ids, 'int32'), 9);
    return tf.add(sum([0, 4]), sum([4, 8]));
  };
  expect(nodes(both, mergeSegmentSums).map((line) => line.match(/= (\w+)/)?.[1] ?? 'output')).toEqual([
    ...['Reshape', 'Reshape', 'Reshape', 'Reshape', 'Concat', 'Concat', 'UnsortedSegmentSum', 'output'],
  ]);
  expectPassKeepsValue(mergeSegmentSums, {
    tolerance: 1e-6,
    motifs: [
      (builder, draw) => {
        const rows = draw.value(({ shape, dtype }) => dtype === 'float32' && shape.length === 2);
        if (rows === undefined) return [];
        const count = builder.info(rows).shape[0]!;
        const sums = [1, 2].map((step) => {
          const data = Int32Array.from({ length: count }, (_, index) => (index * step) % 3);
          const ids = builder.constant({ shape: [count], dtype: 'int32' }, data);
          return builder.emit('UnsortedSegmentSum', [rows, ids], { numSegments: 3 })[0]!;
        });
        return builder.emit('Add', sums, {});
      },
    ],
  });
});
