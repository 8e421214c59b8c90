import type { HostTensor, HostTensors, Tensors } from '@attune/base';
import { expectClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as web from 'onnxruntime-web';
import { beforeAll, describe, expect, test } from 'vitest';
import { wave } from '../../test/tiny-step.ts';
import { ModelProto } from '../onnx/onnx-schema.ts';
import { exportOnnx, type OnnxExportCall, openOnnxModel } from './export-onnx.ts';

const weights: HostTensors = new Map([
  ['table', wave([50, 8], 1, 0.5)],
  ['positions', wave([16, 8], 2, 0.5)],
  ['kernel', wave([6, 8], 3, 0.5)],
  ['a', wave([4, 8], 4, 0.5)],
  ['b', wave([8, 4], 5, 0.5)],
]);

/** Attention over embeddings, with sizes in reshapes, slices, fills and values; the product a·b is read from weights. */
function forward({ weights: w, inputs }: { readonly weights: Tensors; readonly inputs: Tensors }): Tensors {
  const ids = inputs.get('ids') as tf.Tensor2D;
  const [batch, length] = ids.shape;
  const mixing = tf.matMul(w.get('a')!, w.get('b')!); // [4, 4], folded
  const hidden = tf.add(tf.gather(w.get('table')!, ids), tf.slice(w.get('positions')!, [0, 0], [length, 8]));
  const heads = tf.transpose(tf.reshape(hidden, [batch, length, 2, 4]), [0, 2, 1, 3]);
  const turned = tf.reshape(tf.matMul(tf.reshape(heads, [batch * 2 * length, 4]), mixing), [batch, 2, length, 4]);
  const mixed = tf.matMul(tf.softmax(tf.matMul(turned, heads, false, true)), heads);
  const rows = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch * length, 8]);
  const first = tf.cumsum(tf.fill([batch], length, 'int32'), 0, true) as tf.Tensor1D;
  const logits = tf.matMul(tf.gather(rows, first), w.get('kernel')!, false, true);
  return new Map<string, tf.Tensor>([
    ['logits', logits],
    [
      'padded',
      tf.pad(ids, [
        [0, 0],
        [1, 0],
      ]),
    ],
  ]);
}

const call: OnnxExportCall = {
  name: 'attention',
  symbols: [{ name: 'batch' }, { name: 'length', max: 16 }],
  inputs: [{ name: 'ids', shape: ['batch', 'length'], dtype: 'int32' }],
  weights,
  run: forward,
};

/** The same function on TensorFlow.js's own cpu backend. */
function eager(inputs: HostTensors): HostTensors {
  const outputs = new Map<string, HostTensor>();
  tf.tidy(() => {
    const given = (values: HostTensors): Tensors =>
      new Map([...values].map(([name, { data, shape, dtype }]) => [name, tf.tensor(data, [...shape], dtype)]));
    for (const [name, y] of forward({ weights: given(weights), inputs: given(inputs) })) outputs.set(name, toHost(y));
  });
  return outputs;
}

const toHost = (y: tf.Tensor): HostTensor => ({
  dtype: y.dtype as HostTensor['dtype'],
  shape: y.shape,
  data: y.dataSync().slice() as Float32Array,
});

const sizes = [
  [1, 1],
  [1, 16],
  [4, 9],
  [9, 2],
] as const;
const idsOf = ([batch, length]: readonly [number, number]): HostTensors => {
  const data = Int32Array.from({ length: batch * length }, (_, index) => (7 * index + 3) % 50);
  return new Map([['ids', { dtype: 'int32', shape: [batch, length], data }]]);
};
const tolerance = { relative: 1e-5, absolute: 1e-5 };

let bytes: Uint8Array;
beforeAll(async () => {
  await tf.setBackend('cpu');
  bytes = await exportOnnx(call);
});

describe('exportOnnx', () => {
  test.each(sizes)('computes the function at batch %i, length %i', async (...size) => {
    const model = await openOnnxModel(bytes);
    const expected = eager(idsOf(size));
    const actual = await model.run(idsOf(size));
    await model.dispose();
    expectClose(actual.get('logits')!, expected.get('logits')!, tolerance);
    expect([...actual.get('padded')!.data]).toEqual([...expected.get('padded')!.data]);
  });

  test('runs in ONNX Runtime for the web', async () => {
    const session = await web.InferenceSession.create(bytes);
    for (const size of sizes) {
      const { data, shape } = idsOf(size).get('ids')!;
      const feeds = { ids: new web.Tensor('int64', BigInt64Array.from(data, BigInt), [...shape]) };
      const { logits } = await session.run(feeds);
      const actual: HostTensor = { dtype: 'float32', shape: logits!.dims, data: logits!.data as Float32Array };
      expectClose(actual, eager(idsOf(size)).get('logits')!, tolerance);
    }
  });

  test('holds standard operators, named sizes, and only the weights that are read', () => {
    const model = ModelProto.toObject(ModelProto.decode(bytes), { longs: Number }) as DecodedModel;
    expect(model.opsetImport).toEqual([{ version: 18 }]);
    expect(model.graph.node.every(({ domain }) => domain === undefined)).toBe(true);
    const dims = (ports: readonly Port[]) =>
      ports.map(({ name, type }) => [name, type.tensorType.elemType, ...type.tensorType.shape.dim.map(dimOf)]);
    expect(dims(model.graph.input)).toEqual([['ids', 7, 'batch', 'length']]);
    expect(dims(model.graph.output)).toEqual([
      ['logits', 1, 'batch', 6],
      ['padded', 6, 'batch', 'length + 1'],
    ]);
    const named = model.graph.initializer.map(({ name }) => name).filter((name) => !/^t\d+$/.test(name));
    expect(named.sort()).toEqual(['folded.0', 'kernel', 'positions', 'table']);
  });

  test('gives the same bytes again', async () => {
    expect(Buffer.compare(await exportOnnx(call), bytes)).toBe(0);
  });

  test('refuses a size that no input has', async () => {
    const symbols = [...call.symbols, { name: 'heads' }];
    await expect(exportOnnx({ ...call, symbols })).rejects.toThrow(
      expect.objectContaining({ name: 'TraceError', message: 'export: no input has an axis of size heads' }),
    );
  });

  test.each<[string, (ids: tf.Tensor) => tf.Tensor, string]>([
    [
      'attributes that depend on the sizes',
      (ids) => tf.oneHot(ids as tf.Tensor2D, ids.shape[1]!),
      'export: node 0 (OneHot) has attributes that depend on the sizes; add an open rule for it in onnx/rules',
    ],
    [
      'a rule that builds in an open shape',
      (ids) => tf.cumprod(ids, 1),
      'export: node 0 (Cumprod) builds in the shape [batch, length], which is not fixed; add an open rule for ' +
        'it in onnx/rules',
    ],
  ])('refuses %s, naming the node', async (_what, fn, message) => {
    const run: OnnxExportCall['run'] = ({ inputs }) => new Map([['y', fn(inputs.get('ids')!)]]);
    await expect(exportOnnx({ ...call, run })).rejects.toThrow(
      expect.objectContaining({ name: 'TraceError', message }),
    );
  });
});

interface Port {
  readonly name: string;
  readonly type: { readonly tensorType: { readonly elemType: number; readonly shape: { readonly dim: Dimension[] } } };
}
interface Dimension {
  readonly dimValue?: number;
  readonly dimParam?: string;
}
interface DecodedModel {
  readonly opsetImport: object;
  readonly graph: {
    readonly node: readonly { readonly domain?: string }[];
    readonly initializer: readonly { readonly name: string }[];
    readonly input: readonly Port[];
    readonly output: readonly Port[];
  };
}

const dimOf = ({ dimValue, dimParam }: Dimension) => dimParam ?? dimValue;
