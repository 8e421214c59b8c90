import { floatTensor, randomSource, type Tensors } from '@attune/base';
import { checkGradients, expectClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { compute, exact, randomTensors, taken, weighted } from '../../../test/layer-checks.ts';
import { rmsNorm } from './norms.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('rmsNorm', () => {
  it('divides each row by its root mean square, without centring', () => {
    const parameters = new Map([['norm.weight', tf.tensor1d([1, 2])]]);
    const root = Math.sqrt((9 + 16) / 2 + 0.5);
    expectClose(
      compute(() => rmsNorm({ name: 'norm', input: tf.tensor2d([[3, 4]]), epsilon: 0.5, parameters })),
      floatTensor([1, 2], [3 / root, 8 / root]),
      exact,
    );
  });

  it('has the gradients that central differences give', async () => {
    const values = randomTensors({ x: [3, 6], 'norm.weight': [6] });
    const loss = (tensors: Tensors) =>
      weighted(rmsNorm({ name: 'norm', input: taken(tensors, 'x'), epsilon: 0.1, parameters: tensors }));
    await checkGradients({ loss, values, random: randomSource(2) });
  });
});
