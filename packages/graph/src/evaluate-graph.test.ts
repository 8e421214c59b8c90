import { expect, test } from 'vitest';
import { evaluateGraph, evaluateNode } from './evaluate-graph.ts';
import { GraphBuilder } from './graph-builder.ts';

test('computes a graph from its inputs and constants', () => {
  const builder = new GraphBuilder();
  const x = builder.input('x', { shape: [2, 3], dtype: 'float32' });
  const row = builder.constant({ shape: [3], dtype: 'float32' }, Float32Array.of(1, 2, Number.NaN));
  const [sum] = builder.emit('Add', [x, row], {});
  const [first, rest] = builder.emit('SplitV', [sum!], { sizes: [1, 2], axis: 1 });
  builder.output('first', first!);
  builder.output('rest', rest!);
  const outputs = evaluateGraph(builder.finish(), new Map([['x', Float32Array.of(1, 2, 3, 4, 5, 6)]]));
  expect(outputs.get('first')).toEqual({ shape: [2, 1], dtype: 'float32', data: Float32Array.of(2, 5) });
  expect(outputs.get('rest')!.data).toEqual(Float32Array.of(4, Number.NaN, 7, Number.NaN));
});

test('refuses an input that is missing or has another size', () => {
  const builder = new GraphBuilder();
  builder.output('y', builder.input('x', { shape: [2], dtype: 'int32' }));
  const graph = builder.finish();
  expect(() => evaluateGraph(graph, new Map())).toThrow('evaluate: input "x" is int32[2], got no elements');
  expect(() => evaluateGraph(graph, new Map([['x', Int32Array.of(1)]]))).toThrow(
    'evaluate: input "x" is int32[2], got 1 elements',
  );
});

test('an update leaves the tensor that it was given', () => {
  const tensor = { shape: [3], dtype: 'float32', data: Float32Array.of(1, 2, 3) } as const;
  const indices = { shape: [1, 1], dtype: 'int32', data: Int32Array.of(1) } as const;
  const updates = { shape: [1], dtype: 'float32', data: Float32Array.of(7) } as const;
  const [updated] = evaluateNode({ kernel: 'TensorScatterUpdate', attributes: {} }, [tensor, indices, updates]);
  expect(updated!.data).toEqual(Float32Array.of(1, 7, 3));
  expect(tensor.data).toEqual(Float32Array.of(1, 2, 3));
});

test('a product broadcasts its leading axes, not repeats them', () => {
  const a = { shape: [2, 1, 1, 1], dtype: 'float32', data: Float32Array.of(1, 2) } as const;
  const b = { shape: [1, 3, 1, 1], dtype: 'float32', data: Float32Array.of(1, 10, 100) } as const;
  const attributes = { transposeA: false, transposeB: false };
  expect(evaluateNode({ kernel: 'BatchMatMul', attributes }, [a, b])).toEqual([
    { shape: [2, 3, 1, 1], dtype: 'float32', data: Float32Array.of(1, 10, 100, 2, 20, 200) },
  ]);
});
