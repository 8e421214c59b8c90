import { expectAllClose, expectClose, tinyFamilies } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { weighted } from '../../test/layer-checks.ts';
import type { ForwardCall, LinearHook, ModelInputs } from '../contracts/model.ts';
import { fromTensor, toTensors } from '../device-tensors.ts';
import { evaluationContext } from './layers/dropout.ts';
import { projectionsOfKind } from './projections.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const subjects = new Map(tinyFamilies().map(({ title, subject }) => [title, subject]));
const tolerance = { relative: 1e-5, absolute: 1e-6 };
const inputs: ModelInputs = {
  inputIds: tf.tensor2d([2, 9, 14, 3, 2, 11, 3, 0], [2, 4], 'int32'),
  tokenTypeIds: tf.zeros([2, 4], 'int32'),
  attentionMask: tf.tensor2d([1, 1, 1, 1, 1, 1, 1, 0], [2, 4], 'int32'),
};
/** The second position of the first sequence and the third of the second. */
const read = [1, 6];

const callOf = (title: string, change: Partial<ForwardCall>): ForwardCall => ({
  ...{ parameters: toTensors(subjects.get(title)!.values), inputs, hooks: {}, context: evaluationContext },
  ...change,
});

function encodeRead(title: string, change: Partial<ForwardCall>): tf.Tensor2D {
  const rows = tf.tensor2d(read, [2, 1], 'int32');
  return subjects.get(title)!.model.encodeRows({ ...callOf(title, change), rows });
}

function encodeAll(title: string, change: Partial<ForwardCall>): tf.Tensor2D {
  const { model } = subjects.get(title)!;
  const { last } = model.encode(callOf(title, change));
  return tf.gather(tf.reshape(last, [-1, model.hiddenSize]), read) as tf.Tensor2D;
}

/** States, and the gradient of every parameter that they depend on. */
function everything(title: string, encode: typeof encodeRead) {
  const { model, values } = subjects.get(title)!;
  const tensors = toTensors(values);
  const names = model.parameters.filter(({ role }) => role === 'encoder').map(({ name }) => name);
  const loss = (...given: tf.Tensor[]) =>
    weighted(encode(title, { parameters: new Map([...tensors, ...names.map((n, i) => [n, given[i]!] as const)]) }));
  const gradients = tf.grads(loss)(names.map((name) => tensors.get(name)!));
  return new Map([
    ['states', fromTensor(encode(title, {}))],
    ...names.map((name, index) => [name, fromTensor(gradients[index]!)] as const),
  ]);
}

describe.each([...subjects.keys()])('where %s reads one position of each sequence', (title) => {
  it('the last layer gives the same, gradients included, from as few rows as it needs', () => {
    expectAllClose(everything(title, encodeRead), everything(title, encodeAll), tolerance);
  });

  it.each(['input', 'output'] as const)('what a method reaches by its %s is computed for all positions', (part) => {
    const { model } = subjects.get(title)!;
    const keys = projectionsOfKind(model, ['key']).map(({ name }) => name);
    const seen: string[] = [];
    const see = <T extends tf.Tensor>(name: string, rows: T): T => {
      seen.push(`${name} ${rows.shape[0]}`);
      return rows;
    };
    const parts: Required<Omit<LinearHook, 'targets'>> = {
      input: ({ name, input }) => see(name, input),
      output: ({ name, output }) => see(name, output),
    };
    const hooks = { linear: { [part]: parts[part], targets: new Set(keys) } };
    expectClose(fromTensor(encodeRead(title, { hooks })), fromTensor(encodeRead(title, {})), tolerance);
    expect(new Set(seen)).toEqual(new Set(keys.map((name) => `${name} 8`)));
  });
});
