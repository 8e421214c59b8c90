import { sizeOf } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectPassKeepsValue, expectSameValue, type SameValueOptions } from '../../test/keeps-value.ts';
import { trace } from '../trace/trace.ts';
import { fuse } from './passes.ts';

const rounding: SameValueOptions = { tolerance: 2e-6 };

type Fn = (...x: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** Kernels of fn's graph once fused, which is checked to have kept its values. */
function fused(fn: Fn, ...shapes: readonly (readonly number[])[]): string[] {
  const specs = shapes.map((shape, index) => ({ name: `${index}`, shape, dtype: 'float32' as const }));
  const graph = trace(
    ({ inputs }) => new Map([fn(...inputs.values())].flat().map((tensor, index) => [`y${index}`, tensor])),
    specs,
  );
  const inputs = new Map(
    specs.map(({ name, shape }, seed) => [
      name,
      Float32Array.from({ length: sizeOf(shape) }, (_, index) => Math.sin(1.7 * index + seed)),
    ]),
  );
  const result = fuse(graph);
  expectSameValue(graph, result, inputs, rounding);
  return result.nodes.map(({ kernel }) => kernel);
}

test('keeps the value of random graphs', () => expectPassKeepsValue(fuse, { tolerance: 1e-5 }));

const normalize = (x: tf.Tensor, epsilon = 1e-5): [normalized: tf.Tensor, scale: tf.Tensor] => {
  const centered = tf.sub(x, tf.mean(x, -1, true));
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centered), -1, true), epsilon));
  return [tf.mul(centered, scale), scale];
};
const layerNorm = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor =>
  tf.add(tf.mul(normalize(x)[0], gamma), beta);
const gelu = (x: tf.Tensor): tf.Tensor => tf.mul(x, tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5));

test.each<[string, Fn, number[][], string[]]>([
  ['a normalisation whose parts are read', (x) => normalize(x!), [[3, 8]], ['Normalize']],
  ['a layer norm', (x, g, b) => layerNorm(x!, g!, b!), [[3, 8], [8], [8]], ['LayerNorm']],
  [
    'a layer norm whose parts are read',
    (x, g, b) => [layerNorm(x!, g!, b!), ...normalize(x!)],
    [[3, 8], [8], [8]],
    ['Normalize', 'LayerNorm'],
  ],
  ['gelu', (x) => gelu(x!), [[3, 8]], ['Gelu']],
  ['a linear layer', (x, w, b) => tf.add(tf.matMul(x!, w!, false, true), b!), [[4, 3], [5, 3], [5]], ['Gemm']],
  [
    'a sum of products',
    (a, b, c) => tf.add(c!, tf.matMul(a!, b!)),
    [
      [4, 3],
      [3, 5],
      [4, 5],
    ],
    ['Gemm'],
  ],
  [
    'a scaled product',
    (a, b) => tf.mul(tf.matMul(a!, b!, true), 0.25),
    [
      [2, 3, 4],
      [2, 3, 5],
    ],
    ['ScaledMatMul'],
  ],
  [
    'scaled operands',
    (a, b) => tf.matMul(tf.mul(a!, 0.5), tf.mul(3, b!)),
    [
      [4, 3],
      [3, 5],
    ],
    ['ScaledMatMul'],
  ],
  ['a scaled linear layer', (x, w, b) => tf.add(tf.mul(tf.matMul(x!, w!), 2), b!), [[4, 3], [3, 5], [5]], ['Gemm']],
])('%s', (_what, fn, shapes, kernels) => expect(fused(fn, ...shapes)).toEqual(kernels));

test.each<[string, Fn, number[][], string]>([
  ['a mean over another axis', (x) => tf.sub(x!, tf.mean(x!, 0, true)), [[3, 8]], 'Sub'],
  ['gelu whose erf a gradient reads', (x) => [gelu(x!), tf.erf(tf.mul(x!, Math.SQRT1_2))], [[4]], 'Gelu'],
  [
    'gelu whose cumulative is read',
    (x) => {
      const cumulative = tf.mul(tf.add(tf.erf(tf.mul(x!, Math.SQRT1_2)), 1), 0.5);
      return [tf.mul(x!, cumulative), cumulative];
    },
    [[4]],
    'Erf',
  ],
  [
    'a sum that widens the product',
    (a, b, c) => tf.add(tf.matMul(a!, b!), c!),
    [
      [1, 3],
      [3, 5],
      [4, 5],
    ],
    'Add',
  ],
  [
    'a product that is also read alone',
    (a, b, c) => {
      const product = tf.matMul(a!, b!);
      return [product, tf.add(product, c!)];
    },
    [[4, 3], [3, 5], [5]],
    'Add',
  ],
  ['an empty product', (a, b, c) => tf.add(tf.matMul(a!, b!), c!), [[4, 0], [0, 5], [5]], 'Add'],
])('leaves %s', (_what, fn, shapes, kernel) => expect(fused(fn, ...shapes)).toContain(kernel));
