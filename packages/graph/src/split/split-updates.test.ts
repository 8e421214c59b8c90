import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { evaluateGraph } from '../evaluate-graph.ts';
import type { Graph } from '../graph.ts';
import { printGraph } from '../print-graph.ts';
import { trace } from '../trace/trace.ts';
import type { ConstantData } from '../values.ts';
import { splitUpdates } from './split-updates.ts';
import type { InPlacePair } from './update-regions.ts';

const float = (name: string, ...shape: number[]) => ({ name, shape, dtype: 'float32' as const });
const int = (name: string, ...shape: number[]) => ({ name, shape, dtype: 'int32' as const });
const pair = (name: string): InPlacePair => ({ input: `state:${name}`, output: `next:${name}` });

type Inputs = ReadonlyMap<string, tf.Tensor>;

function traced(fn: (inputs: Inputs) => Record<string, tf.Tensor>, ...specs: ReturnType<typeof float | typeof int>[]) {
  return trace(({ inputs }) => new Map(Object.entries(fn(inputs))), specs);
}

/** Momentum: m ← 0.9 m + g, w ← w - rate · m, with g the gradient of Σ (x w)². */
const momentum = traced(
  (inputs) => {
    const [w, m, x] = ['state:w', 'state:m', 'x'].map((name) => inputs.get(name) as tf.Tensor2D);
    const gradient = tf.grad((weight) => tf.sum(tf.square(tf.matMul(x!, weight as tf.Tensor2D))))(w!);
    const next = tf.add(tf.mul(m!, 0.9), gradient);
    return { 'next:w': tf.sub(w!, tf.mul(next, inputs.get('rate')!)), 'next:m': next, 'output:x': tf.neg(x!) };
  },
  ...[float('state:w', 3, 2), float('state:m', 3, 2), float('x', 4, 3), float('rate')],
);

test('moves the optimiser and leaves the gradient', () => {
  const { compute, updates } = splitUpdates(momentum, [pair('w'), pair('m')]);
  expect(printGraph(compute).split('\n').slice(-3)).toEqual([
    '%11 = Neg %1 : float32[4, 3]',
    'output "output:x" = %11',
    'output "cut:13" = %10',
  ]);
  expect(updates.map(({ graph }) => printGraph(graph).split('\n'))).toEqual([
    [
      '%0 = input "state:w" float32[3, 2]',
      '%1 = input "state:m" float32[3, 2]',
      '%2 = input "rate" float32[]',
      '%3 = input "cut:13" float32[3, 2]',
      '%4 = constant float32[] (0.8999999761581421)',
      '%5 = Multiply %1 %4 : float32[3, 2]',
      '%6 = Add %5 %3 : float32[3, 2]',
      '%7 = Multiply %6 %2 : float32[3, 2]',
      '%8 = Sub %0 %7 : float32[3, 2]',
      'output "next:m" = %6',
      'output "next:w" = %8',
    ],
  ]);
});

test('hands the gradient of an embedding over as rows', () => {
  const graph = traced(
    (inputs) => {
      const table = inputs.get('state:table')!;
      const read = (weight: tf.Tensor) => tf.gather(weight, inputs.get('ids') as tf.Tensor1D);
      const gradient = tf.grad((weight) => tf.sum(tf.square(read(weight))))(table);
      return { 'next:table': tf.sub(table, gradient) };
    },
    ...[float('state:table', 9, 2), int('ids', 4)],
  );
  const { compute, updates } = splitUpdates(graph, [pair('table')]);
  const [sparse] = updates[0]!.sparse;
  expect(compute.outputs.map(({ name, value }) => [name, compute.values[value]!.shape])).toEqual([
    [sparse!.rows, [4, 2]],
    [sparse!.places, [4]],
  ]);
  expect(compute.nodes.map(({ kernel }) => kernel)).not.toContain('UnsortedSegmentSum');
});

test('compute and updates together are the whole', () => {
  const inputs = new Map<string, ConstantData>(
    momentum.inputs.map(({ name, value }, seed) => {
      const length = momentum.values[value]!.shape.reduce((product, size) => product * size, 1);
      return [name, Float32Array.from({ length }, (_, index) => Math.sin(index + seed))];
    }),
  );
  expect(runSplit(momentum, [pair('w'), pair('m')], inputs)).toEqual(evaluateGraph(momentum, inputs));
});

function runSplit(graph: Graph, pairs: readonly InPlacePair[], inputs: ReadonlyMap<string, ConstantData>) {
  const { compute, updates } = splitUpdates(graph, pairs);
  const computed = evaluateGraph(compute, inputs);
  const given = new Map([...inputs, ...[...computed].map(([name, { data }]) => [name, data] as const)]);
  const updated = updates.flatMap((update) => [...evaluateGraph(update.graph, given)]);
  return new Map([...updated, ...[...computed].filter(([name]) => !name.startsWith('cut:'))]);
}

interface State {
  readonly a: tf.Tensor;
  readonly b: tf.Tensor;
  readonly c: tf.Tensor;
}

test.each<[string, (state: State) => Record<string, tf.Tensor>]>([
  ['something else reads it', ({ a, b }) => ({ 'next:a': tf.add(a, b), 'output:sum': tf.sum(tf.add(a, b)) })],
  ['it is an output under another name', ({ a, b }) => ({ 'next:a': tf.add(a, b), 'output:a': tf.add(a, b) })],
  ['an operation is more than one rounding', ({ a }) => ({ 'next:a': tf.exp(a) })],
  ['shapes broadcast', ({ a }) => ({ 'next:a': tf.add(a, tf.tensor1d([1, 2])) })],
  ['it is one number', ({ c }) => ({ 'next:c': tf.neg(c) })],
])('leaves a value where it is when %s', (_why, fn) => {
  const specs = [float('state:a', 3, 2), float('state:b', 3, 2), float('state:c', 1)];
  const graph = traced(
    (inputs) => {
      const [a, b, c] = specs.map(({ name }) => inputs.get(name)!);
      return fn({ a: a!, b: b!, c: c! });
    },
    ...specs,
  );
  const { compute, updates } = splitUpdates(graph, [pair('a'), pair('b'), pair('c')]);
  expect(updates).toEqual([]);
  expect(printGraph(compute)).toBe(printGraph(graph));
});

test('tensors that trade places change together', () => {
  const graph = traced(
    (inputs) => ({ 'next:a': tf.neg(inputs.get('state:b')!), 'next:b': tf.neg(inputs.get('state:a')!) }),
    ...[float('state:a', 4), float('state:b', 4)],
  );
  const { updates } = splitUpdates(graph, [pair('a'), pair('b')]);
  expect(updates.map((update) => update.graph.outputs.map(({ name }) => name))).toEqual([['next:a', 'next:b']]);
});
