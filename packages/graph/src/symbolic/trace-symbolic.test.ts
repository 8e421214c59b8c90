import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { printSymbolicGraph } from './symbolic-graph.ts';
import { type SymbolSpec, traceSymbolic } from './trace-symbolic.ts';
import { fitSize } from './unify-graphs.ts';

const symbols: readonly SymbolSpec[] = [{ name: 'batch' }, { name: 'length', max: 64 }];
const inputs = [{ name: 'x', shape: ['batch', 'length', 4], dtype: 'float32' }] as const;

const record = (fn: (x: tf.Tensor) => tf.Tensor) =>
  printSymbolicGraph(
    traceSymbolic(({ inputs: given }) => new Map([['y', fn(given.get('x')!)]]), inputs, symbols),
  ).split('\n');

describe('traceSymbolic', () => {
  test('leaves sizes open wherever they stand', () => {
    const lines = record((x) => {
      const [batch = 0, length = 0] = x.shape;
      const rows = tf.reshape(x, [batch * length, 4]);
      const heads = tf.transpose(tf.reshape(rows, [batch, length, 2, 2]), [0, 2, 1, 3]);
      const table = tf.slice(tf.fill([64, 2], 0.5), [1, 0], [length, 2]);
      return tf.pad(tf.add(heads, table), [
        [0, 0],
        [0, 0],
        [3, 0],
        [0, 0],
      ]);
    });
    expect(lines).toEqual([
      '%0 = input "x" float32[batch, length, 4]',
      '%1 = Reshape{shape=[batch·length, 4]} %0 : float32[batch·length, 4]',
      '%2 = Reshape{shape=[batch, length, 2, 2]} %1 : float32[batch, length, 2, 2]',
      '%3 = Transpose{perm=[0, 2, 1, 3]} %2 : float32[batch, 2, length, 2]',
      '%4 = Fill{dtype=float32, shape=[64, 2], value=0.5} : float32[64, 2]',
      '%5 = Slice{begin=[1, 0], size=[length, 2]} %4 : float32[length, 2]',
      '%6 = Add %3 %5 : float32[batch, 2, length, 2]',
      '%7 = PadV2{paddings=[[0, 0], [0, 0], [3, 0], [0, 0]], value=0} %6 : float32[batch, 2, length + 3, 2]',
      'output "y" = %7',
    ]);
  });

  test('follows a size into a value', () => {
    const lines = record((x) => tf.cumsum(tf.fill([x.shape[0]!], 2 * x.shape[1]!, 'int32'), 0, true));
    expect(lines[0]).toBe('%0 = Fill{dtype=int32, shape=[batch], value=2·length} : int32[batch]');
  });

  test.each<[string, (x: tf.Tensor) => tf.Tensor, string]>([
    [
      'a size that is no multiple of a product',
      (x) => tf.slice(x, [0, 0, 0], [x.shape[0]!, Math.ceil(x.shape[1]! / 2), 4]),
      'symbolic: node 0 (Slice) size[1] is 2 with batch 2, length 3; 2 with batch 5, length 3; 4 with batch 2, ' +
        'length 7; 32 with batch 11, length 63; expected a constant plus a multiple of a product of batch, length',
    ],
    [
      'a clamped size',
      (x) => tf.slice(x, [0, 0, 0], [x.shape[0]!, Math.min(x.shape[1]!, 32), 4]),
      'symbolic: node 0 is missing with batch 2, length 3, but %1 = Slice %0 with batch 11, length 63; ' +
        'a graph for every size has the same nodes at each, and takes what depends on a size from its inputs',
    ],
    [
      'a loop over positions',
      (x) => tf.addN(tf.unstack(x, 1)),
      'symbolic: node 0 is %1 %2 %3 = SplitV %0 with batch 2, length 3, but %1 %2 %3 %4 %5 %6 %7 = SplitV %0 with ' +
        'batch 2, length 7; a graph for every size has the same nodes at each, and takes what depends on a size from ' +
        'its inputs',
    ],
    [
      'a constant of a size',
      (x) => tf.add(x, tf.scalar(1 / x.shape[1]!)),
      'symbolic: constant %1, read by node 0 (Add), is float32[] (0.3333333432674408) with batch 2, length 3, but ' +
        'float32[] (0.1428571492433548) with batch 2, length 7; a graph for every size has the same nodes at each, ' +
        'and takes what depends on a size from its inputs',
    ],
  ])('refuses %s, naming the node', (_what, fn, message) => {
    expect(() => record(fn)).toThrow(expect.objectContaining({ name: 'TraceError', message }));
  });

  test('refuses sizes it cannot sample or does not know', () => {
    expect(() => traceSymbolic(() => new Map(), inputs, [{ name: 'batch' }, { name: 'length', max: 8 }])).toThrow(
      'symbolic: length may be 8 at most; expected 9 or more',
    );
    expect(() => traceSymbolic(() => new Map(), inputs, [{ name: 'batch' }])).toThrow(
      'symbolic: input "x" has the size "length"; known: batch',
    );
  });
});

test('a value that two symbols sum to is no size', () => {
  const points = [
    [2, 3],
    [5, 3],
    [2, 7],
    [11, 13],
  ] as const;
  const samples = points.map(([a, b]) => ({
    value: a + b,
    point: new Map([
      ['a', a],
      ['b', b],
    ]),
  }));
  expect(fitSize(samples, ['a', 'b'])).toBeUndefined();
});
