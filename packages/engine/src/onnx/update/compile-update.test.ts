import { type ConstantData, evaluateGraph, type Graph, trace } from '@attune/graph';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { STEP_ELEMENTS, UpdateCompiler } from './compile-update.ts';
import { signed, unsigned } from './wasm-module.ts';
import { webAssembly } from './web-assembly.ts';

const special = [0, -0, 1, -1, 1e-40, 3e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0.1];

/** Runs a compiled graph on inputs in a memory of its own; outputs by name. */
function run(compiler: UpdateCompiler, graph: Graph, inputs: ReadonlyMap<string, Float32Array>, length: number) {
  const { module, pointers } = compiler.compile(graph);
  const memory = new webAssembly.Memory({ initial: 1 });
  const bytes = 4 * STEP_ELEMENTS * Math.ceil(length / STEP_ELEMENTS);
  const views = pointers.map((name, index) => {
    const view = new Float32Array(memory.buffer, index * bytes, length);
    view.set(inputs.get(name) ?? []);
    return view;
  });
  const instance = new webAssembly.Instance(module, { host: { memory } });
  const entry = instance.exports.run as (...given: number[]) => void;
  entry(Math.ceil(length / STEP_ELEMENTS), ...views.map(({ byteOffset }) => byteOffset));
  return new Map(graph.outputs.map(({ name }, index) => [name, views[graph.inputs.length + index]!]));
}

type Operation = (a: tf.Tensor, b: tf.Tensor, scalar: tf.Tensor) => tf.Tensor;

function traced(fn: Operation, length: number): Graph {
  const specs = [
    { name: 'a', shape: [length], dtype: 'float32' as const },
    { name: 'b', shape: [length], dtype: 'float32' as const },
    { name: 'scalar', shape: [], dtype: 'float32' as const },
  ];
  return trace(({ inputs }) => {
    const [a, b, scalar] = specs.map(({ name }) => inputs.get(name)!);
    return new Map([['y', fn(a!, b!, scalar!)]]);
  }, specs);
}

test.each<[string, Operation]>([
  ['Add', (a, b) => tf.add(a, b)],
  ['Sub', (a, b) => tf.sub(a, b)],
  ['Multiply', (a, b) => tf.mul(a, b)],
  ['RealDiv', (a, b) => tf.div(a, b)],
  // From zero, as the cpu backend starts; a sum of negative zeros alone would differ.
  ['AddN', (a, b, scalar) => tf.addN([tf.add(tf.abs(a), scalar), tf.add(tf.abs(b), scalar)])],
  ['Neg', (a) => tf.neg(a)],
  ['Abs', (a) => tf.abs(a)],
  ['Sqrt', (a) => tf.sqrt(a)],
  ['Rsqrt', (a) => tf.rsqrt(a)],
  ['Square', (a) => tf.square(a)],
  ['Reciprocal', (a) => tf.reciprocal(a)],
  ['arithmetic with scalars', (a, _, scalar) => tf.mul(tf.sub(1, tf.mul(scalar, 0.3)), a)],
])('%s gives the bits of the cpu backend', (_name, fn) => {
  const pairs = special.flatMap((a) => special.map((b) => [a, b] as const));
  const inputs = new Map<string, Float32Array>([
    ['a', Float32Array.from(pairs, ([a]) => a)],
    ['b', Float32Array.from(pairs, ([, b]) => b)],
    ['scalar', Float32Array.of(0.7)],
  ]);
  const graph = traced(fn, pairs.length);
  const expected = evaluateGraph(graph, inputs as ReadonlyMap<string, ConstantData>).get('y')!.data;
  const actual = run(new UpdateCompiler(), graph, inputs, pairs.length).get('y')!;
  expect([...actual].map((value) => (Object.is(value, -0) ? '-0' : `${value}`))).toEqual(
    [...expected].map((value) => (Object.is(value, -0) ? '-0' : `${value}`)),
  );
});

test('lengths that are no multiple of a step, by one module', () => {
  const compiler = new UpdateCompiler();
  const fn: Operation = (a, b) => tf.add(a, b);
  expect(compiler.compile(traced(fn, 5)).module).toBe(compiler.compile(traced(fn, 7)).module);
  expect(compiler.compile(traced(fn, 5)).module).not.toBe(compiler.compile(traced((a, b) => tf.sub(a, b), 5)).module);
  const inputs = new Map([
    ['a', Float32Array.of(1, 2, 3, 4, 5)],
    ['b', Float32Array.of(10, 20, 30, 40, 50)],
  ]);
  expect([...run(compiler, traced(fn, 5), inputs, 5).get('y')!]).toEqual([11, 22, 33, 44, 55]);
});

test('a kernel without an instruction is refused by name', () => {
  expect(() => new UpdateCompiler().compile(traced((a) => tf.exp(a), 5))).toThrow(
    new RangeError('update: kernel Exp has no instruction; splitUpdates must not move it'),
  );
});

test('LEB128', () => {
  expect([0, 127, 128, 624_485].map(unsigned)).toEqual([[0], [0x7f], [0x80, 0x01], [0xe5, 0x8e, 0x26]]);
  expect([16, -1, -16, 64, -123_456].map(signed)).toEqual([[16], [0x7f], [0x70], [0xc0, 0x00], [0xc0, 0xbb, 0x78]]);
});
