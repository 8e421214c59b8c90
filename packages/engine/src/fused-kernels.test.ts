import { sizeOf } from '@attune/base';
import { evaluateGraph, type FusedKernel, type Graph, GraphBuilder, type KernelAttributes } from '@attune/graph';
import { expectAllClose } from '@attune/testing';
import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { lowerToOnnx } from './onnx/lower.ts';

interface Case<K extends FusedKernel> {
  readonly shapes: readonly (readonly number[])[];
  readonly attributes: KernelAttributes[K];
}

const products = [false, true].flatMap((transposeA) =>
  [false, true].map((transposeB) => ({ transposeA, transposeB, alpha: 0.3 })),
);
const matrices = ({ transposeA, transposeB }: { transposeA: boolean; transposeB: boolean }) => [
  transposeA ? [3, 4] : [4, 3],
  transposeB ? [5, 3] : [3, 5],
];

const cases: { readonly [K in FusedKernel]: readonly Case<K>[] } = {
  ScaledMatMul: products.flatMap((attributes) => [
    { shapes: matrices(attributes), attributes },
    { shapes: matrices(attributes).map((shape) => [2, 2, ...shape]), attributes },
  ]),
  Gemm: products.flatMap((attributes) =>
    [[4, 5], [5], [1, 5], [4, 1], []].map((added) => ({ shapes: [...matrices(attributes), added], attributes })),
  ),
  Normalize: [[3, 8], [2, 3, 7], [5]].map((shape) => ({ shapes: [shape], attributes: { epsilon: 1e-5 } })),
  LayerNorm: [
    [3, 8],
    [2, 3, 8],
  ].map((shape) => ({ shapes: [shape, [8], [8]], attributes: { epsilon: 1e-12 } })),
  Gelu: [[3], [2, 3], []].map((shape) => ({ shapes: [shape], attributes: {} })),
};

const flat = (Object.keys(cases) as FusedKernel[]).flatMap((kernel) =>
  cases[kernel].map((testCase, index) => ({ kernel, index, testCase })),
);

test.each(flat)('$kernel, case $index: ONNX Runtime computes what the graph says', async ({ kernel, testCase }) => {
  const builder = new GraphBuilder();
  const inputs = testCase.shapes.map((shape, index) => builder.input(`${index}`, { shape, dtype: 'float32' }));
  for (const [index, value] of builder.emit(kernel, inputs, testCase.attributes).entries()) {
    builder.output(`y${index}`, value);
  }
  const data = new Map(testCase.shapes.map((shape, seed) => [`${seed}`, wave(shape, seed)]));
  const graph = builder.finish();
  const expected = new Map(
    [...evaluateGraph(graph, data)].map(([name, { shape, data: values }]) => [
      name,
      { dtype: 'float32' as const, shape, data: values as Float32Array },
    ]),
  );
  expect(expected.size).toBeGreaterThan(0);
  // Sums of a few products in another order, and ONNX Runtime's own erf.
  expectAllClose(await run(graph, data), expected, { relative: 1e-5, absolute: 2e-6 });
});

async function run(graph: Graph, data: ReadonlyMap<string, Float32Array>) {
  const session = await ort.InferenceSession.create(lowerToOnnx(graph, 'fused'));
  const feeds = graph.inputs.map(({ name, value }) => {
    const tensor = new ort.Tensor('float32', data.get(name)!, [...graph.values[value]!.shape]);
    return [name, tensor] as const;
  });
  const results = await session.run(Object.fromEntries(feeds));
  return new Map(
    graph.outputs.map(({ name }) => {
      const { dims, data: values } = results[name]!;
      return [name, { dtype: 'float32' as const, shape: [...dims], data: values as Float32Array }];
    }),
  );
}

function wave(shape: readonly number[], seed: number): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, (_, index) => Math.sin(1.3 * index + seed));
}
