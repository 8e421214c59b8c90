import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { GraphBuilder } from './graph-builder.ts';
import { printGraph } from './print-graph.ts';
import { traceSymbolic } from './symbolic/trace-symbolic.ts';
import { trace } from './trace/trace.ts';

const scalar = { shape: [], dtype: 'float32' } as const;

describe('a graph under construction', () => {
  test('knows its values and no others', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', { shape: [2, 3], dtype: 'float32' });
    expect(builder.info(x)).toEqual({ shape: [2, 3], dtype: 'float32' });
    expect(() => builder.info(x + 1)).toThrow(new RangeError('graph: value 1 does not exist; there are 1'));
    expect(() => builder.emit('Neg', [7], {})).toThrow(new RangeError('graph: value 7 does not exist; there are 1'));
  });

  test('records a run of one number as a fill, minus zero apart from zero', () => {
    const builder = new GraphBuilder();
    const constant = (...numbers: number[]) =>
      builder.constant({ shape: [numbers.length], dtype: 'float32' }, Float32Array.from(numbers));
    constant(2, 2, 2);
    constant(0, -0);
    constant(Number.NaN, Number.NaN);
    builder.constant(scalar, Float32Array.of(2));
    expect(printGraph(builder.finish()).split('\n').sort()).toEqual([
      '%0 = Fill{dtype=float32, shape=[3], value=2} : float32[3]',
      '%1 = constant float32[2] (0, -0)',
      '%2 = Fill{dtype=float32, shape=[2], value=NaN} : float32[2]',
      '%3 = constant float32[] (2)',
    ]);
  });

  test('refuses a kernel without its inputs', () => {
    expect(() => new GraphBuilder().emit('Neg', [], {})).toThrow(
      new RangeError('kernel rule: expected an input 0, got 0 inputs'),
    );
  });
});

describe('tracing', () => {
  test('refuses a tensor from outside that was disposed', () => {
    const outside = tf.tensor1d([1, 2, 3]);
    outside.dispose();
    const info = { dataId: outside.dataId, shape: outside.shape, dtype: outside.dtype };
    const run = () =>
      trace(
        ({ inputs }) =>
          new Map([['y', tf.engine().runKernel('Add', { a: inputs.get('x')!, b: info as tf.Tensor })]]) as never,
        [{ name: 'x', shape: [3], dtype: 'float32' }],
      );
    expect(run).toThrow(/^trace: a disposed tensor \[3\] was used/);
  });

  test('for every size refuses more sizes than it can tell apart', () => {
    const symbols = Array.from({ length: 30 }, (_, index) => ({ name: `s${index}` }));
    expect(() => traceSymbolic(() => new Map(), [], symbols)).toThrow(/^symbolic: expected at most \d+ sizes, got 30$/);
  });
});
