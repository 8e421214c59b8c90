import { randomSource, type Tensors } from '@attune/base';
import { checkGradients, expectAllClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomTensor, randomTensors, taken, weighted } from '../../../test/layer-checks.ts';
import { fromTensor, toTensor, toTensors } from '../../device-tensors.ts';
import type { Unprojected } from './absorbed-attention.ts';
import { additiveMask, attention } from './attention.ts';
import { linear } from './linear.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Three sequences of four positions, the last of which has one token; two heads of four, and an input of five. */
const values = randomTensors({
  ...{ query: [3, 8], input: [12, 5] },
  ...{ 'key.weight': [8, 5], 'key.bias': [8], 'value.weight': [8, 5], 'value.bias': [8] },
});
const mask = additiveMask(tf.tensor2d([1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0], [3, 4], 'int32'));
/** Factors of dropout: their rows do not sum to anything in particular. */
const noise = toTensor(randomTensor([3, 2, 1, 4], 'noise')) as tf.Tensor4D;

type Absorbed = readonly ('key' | 'value')[];

function attended(tensors: Tensors, absorbed: Absorbed): tf.Tensor2D {
  const input = taken<tf.Tensor2D>(tensors, 'input');
  const given = (name: 'key' | 'value'): tf.Tensor2D | Unprojected =>
    absorbed.includes(name)
      ? { input, weight: taken(tensors, `${name}.weight`), bias: taken(tensors, `${name}.bias`) }
      : linear({ name, input, parameters: tensors });
  return attention({
    query: taken(tensors, 'query'),
    ...{ key: given('key'), value: given('value'), batchSize: 3, numHeads: 2, mask },
    dropout: (probabilities) => tf.mul(probabilities, noise),
  });
}

/** Outputs, and the gradient of each tensor. */
function everything(absorbed: Absorbed) {
  const names = [...values.keys()];
  const ofThese = (tensors: readonly tf.Tensor[]) => attended(new Map(names.map((n, i) => [n, tensors[i]!])), absorbed);
  const given = [...toTensors(values).values()];
  const gradients = tf.grads((...tensors: tf.Tensor[]) => weighted(ofThese(tensors)))(given);
  return new Map([
    ['output', fromTensor(ofThese(given))],
    ...names.map((name, index) => [name, fromTensor(gradients[index]!)] as const),
  ]);
}

describe('attention of one position of each sequence', () => {
  it.each<[Absorbed]>([[['key', 'value']], [['key']], [['value']]])(
    'is the same without computing %j, gradients included',
    (absorbed) => {
      expectAllClose(everything(absorbed), everything([]), { relative: 1e-5, absolute: 1e-6 });
    },
  );

  it('has the gradients that central differences give', async () => {
    const loss = (tensors: Tensors) => weighted(attended(tensors, ['key', 'value']));
    await checkGradients({ loss, values, random: randomSource(5) });
  });

  it('gives numbers for a row of padding alone', () => {
    const input = tf.ones<tf.Rank.R2>([2, 5]);
    const source: Unprojected = { input, weight: tf.ones([8, 5]), bias: tf.ones([8]) };
    const output = attention({
      ...{ query: tf.ones([1, 8]), key: source, value: source, batchSize: 1, numHeads: 2 },
      ...{ mask: additiveMask(tf.zeros([1, 2], 'int32')), dropout: (probabilities: tf.Tensor4D) => probabilities },
    });
    expect([...output.dataSync()]).toEqual(Array.from({ length: 8 }, () => 6));
  });
});
