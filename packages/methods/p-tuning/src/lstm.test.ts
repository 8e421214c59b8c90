import { floatTensor, type HostTensors, randomSource, type Tensors } from '@attune/base';
import { fromTensor, toTensor, toTensors } from '@attune/core';
import { checkGradients, expectAllClose, expectClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { bidirectionalLstm, type LstmWeights } from './lstm.ts';

const inputSize = 3;
const units = 2;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const weightShapes: Readonly<Record<keyof LstmWeights, readonly number[]>> = {
  inputWeight: [4 * units, inputSize],
  hiddenWeight: [4 * units, units],
  inputBias: [4 * units],
  hiddenBias: [4 * units],
};

function randomTensor(name: string, shape: readonly number[]) {
  const random = randomSource(3).fork(name);
  const size = shape.reduce((product, axis) => product * axis, 1);
  return floatTensor(
    shape,
    Array.from({ length: size }, () => random.normal()),
  );
}

/** A sequence and the weights of both directions, `forward.inputWeight` and so on. */
function randomValues(length: number): HostTensors {
  const shapes = ['forward', 'backward'].flatMap((direction) =>
    Object.entries(weightShapes).map(([name, shape]) => [`${direction}.${name}`, shape] as const),
  );
  const all = [['sequence', [length, inputSize]] as const, ...shapes];
  return new Map(all.map(([name, shape]) => [name, randomTensor(name, shape)]));
}

const sequenceOf = (tensors: Tensors) => tensors.get('sequence') as tf.Tensor2D;

function weightsOf(tensors: Tensors, direction: 'forward' | 'backward'): LstmWeights {
  const names = Object.keys(weightShapes) as (keyof LstmWeights)[];
  return Object.fromEntries(names.map((name) => [name, tensors.get(`${direction}.${name}`)])) as unknown as LstmWeights;
}

function layer(tensors: Tensors): tf.Tensor2D {
  return bidirectionalLstm(sequenceOf(tensors), [weightsOf(tensors, 'forward'), weightsOf(tensors, 'backward')]);
}

/** The formula element by element, each direction by itself; its gradient is TensorFlow.js's own. */
function plainLayer(tensors: Tensors): tf.Tensor2D {
  const sequence = sequenceOf(tensors);
  const elements = Array.from({ length: sequence.shape[0] }, (_, at) => tf.slice(sequence, [at, 0], [1, inputSize]));
  const onwards = plainStates(elements, weightsOf(tensors, 'forward'));
  const back = plainStates(elements.toReversed(), weightsOf(tensors, 'backward')).reverse();
  return tf.concat([tf.concat(onwards, 0), tf.concat(back, 0)], 1);
}

function plainStates(elements: readonly tf.Tensor2D[], weights: LstmWeights): tf.Tensor2D[] {
  const states: tf.Tensor2D[] = [];
  let [hidden, cell]: tf.Tensor2D[] = [tf.zeros([1, units]), tf.zeros([1, units])];
  for (const element of elements) {
    const input = tf.add(tf.matMul(element, weights.inputWeight, false, true), weights.inputBias);
    const recurrent = tf.add(tf.matMul(hidden!, weights.hiddenWeight, false, true), weights.hiddenBias);
    const [i, f, g, o] = tf.split(tf.add(input, recurrent), 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    cell = tf.add<tf.Tensor2D>(tf.mul(tf.sigmoid(f), cell!), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    hidden = tf.mul<tf.Tensor2D>(tf.sigmoid(o), tf.tanh(cell));
    states.push(hidden);
  }
  return states;
}

/** A random weighting of a layer's output: errors at different places cannot cancel. */
const weighted = (output: tf.Tensor): tf.Scalar =>
  tf.sum(tf.mul(output, toTensor(randomTensor('weighting', output.shape))));

function gradients(of: (tensors: Tensors) => tf.Tensor, values: HostTensors): HostTensors {
  const names = [...values.keys()];
  const loss = (...tensors: tf.Tensor[]) => weighted(of(new Map(names.map((name, at) => [name, tensors[at]!]))));
  const results = tf.grads(loss)([...toTensors(values).values()]);
  return new Map(names.map((name, at) => [name, fromTensor(results[at]!)]));
}

const tolerance = { relative: 1e-5, absolute: 1e-6 };

describe.each([1, 2, 5])('length %i', (length) => {
  const values = randomValues(length);

  it('has the hidden states of the formula', () => {
    const tensors = toTensors(values);
    expectClose(fromTensor(layer(tensors)), fromTensor(plainLayer(tensors)), tolerance);
  });

  it('has the gradients that TensorFlow.js derives from the formula', () => {
    expectAllClose(gradients(layer, values), gradients(plainLayer, values), tolerance);
  });

  it('has the gradients that central differences give', async () => {
    await checkGradients({ loss: (tensors) => weighted(layer(tensors)), values, random: randomSource(2) });
  });
});

/** Operations that TensorFlow.js runs for one more element of the sequence. */
async function operationsPerElement(run: (values: HostTensors) => unknown): Promise<number> {
  const counts: number[] = [];
  for (const length of [5, 6]) {
    const { kernels } = await tf.profile(() => {
      run(randomValues(length));
      return [];
    });
    counts.push(kernels.length);
  }
  return counts[1]! - counts[0]!;
}

// A compiled step pays for each of them, and they are too small to be worth more than that.
test('an element costs 11 operations forwards and 7 backwards, for both directions together', async () => {
  expect(await operationsPerElement((values) => layer(toTensors(values)))).toBe(11);
  expect(await operationsPerElement((values) => gradients(layer, values))).toBe(18);
});
