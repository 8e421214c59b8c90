import { sizeOf } from '@attune/base';
import { evaluateGraph, type Graph, GraphBuilder } from '@attune/graph';
import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { lowerToOnnx } from '../lower.ts';
import { sessionOptions } from '../session.ts';

const wave = (shape: readonly number[], seed: number) =>
  Float32Array.from({ length: sizeOf(shape) }, (_, index) => Math.sin((index + 1) * seed));

interface Product {
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function graphOf({ left, right, transposeA, transposeB }: Product): Graph {
  const builder = new GraphBuilder();
  const a = builder.input('a', { shape: left, dtype: 'float32' });
  const b = builder.input('b', { shape: right, dtype: 'float32' });
  builder.output('y', builder.emit('BatchMatMul', [a, b], { transposeA, transposeB })[0]!);
  return builder.finish();
}

async function multiply(threads: number, product: Product): Promise<Float32Array> {
  const model = lowerToOnnx(graphOf(product), 'product');
  const session = await ort.InferenceSession.create(model, sessionOptions(threads, 'cpu'));
  const { left, right } = product;
  const { y } = await session.run({
    a: new ort.Tensor('float32', wave(left, 0.7), left),
    b: new ort.Tensor('float32', wave(right, 1.3), right),
  });
  await session.release();
  return y!.data as Float32Array;
}

function evaluate(product: Product): Float32Array {
  const inputs = new Map([
    ['a', wave(product.left, 0.7)],
    ['b', wave(product.right, 1.3)],
  ]);
  return evaluateGraph(graphOf(product), inputs).get('y')!.data as Float32Array;
}

const swap = (shape: readonly number[]) => [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];

const largestDifference = (x: Float32Array, y: Float32Array) =>
  x.reduce((largest, value, index) => Math.max(largest, Math.abs(value - y[index]!)), 0);

/** Leading axes of both sides: matrices, batches smaller and larger than the threads, one right side for all. */
const leading: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[], []],
  ...[1, 3, 9].map((size) => [[size], [size]] as const),
  [
    [1, 2],
    [1, 2],
  ],
  [[2], []],
  [[8], []],
  [[8], [1]],
];

const sizes = [
  { rows: 16, terms: 512, columns: 128 },
  { rows: 2, terms: 256, columns: 144 },
  { rows: 40, terms: 256, columns: 64 },
];

test.each(leading)('is right, and the same bits with 1, 2, 4 and 8 threads: %j times %j', async (ofLeft, ofRight) => {
  for (const { rows, terms, columns } of sizes) {
    for (const [transposeA, transposeB] of [
      [false, false],
      [false, true],
      [true, false],
    ] as const) {
      const [a, b] = [
        [...ofLeft, rows, terms],
        [...ofRight, terms, columns],
      ];
      const product = { left: transposeA ? swap(a) : a, right: transposeB ? swap(b) : b, transposeA, transposeB };
      const one = await multiply(1, product);
      // Sums of up to 512 terms up to 1, each rounded at 6e-8 of the sum.
      expect(largestDifference(one, evaluate(product)), JSON.stringify(product)).toBeLessThan(1e-4);
      for (const threads of [2, 4, 8]) {
        const several = await multiply(threads, product);
        const different = several.findIndex((value, index) => !Object.is(value, one[index]));
        expect(different, `${JSON.stringify(product)} with ${threads} threads`).toBe(-1);
      }
    }
  }
});
