import { floatTensor, randomSource, type Tensors } from '@attune/base';
import { checkGradients, expectClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { compute, exact, randomTensor, randomTensors, taken, weighted } from '../../../test/layer-checks.ts';
import { toTensor } from '../../device-tensors.ts';
import { rotate, rotation } from './rotary.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const frequencies = [1, 0.25];
const places = [
  [0, 1, 2],
  [5, 0, 7],
];
const by = () => rotation(tf.tensor2d(places, [2, 3], 'int32'), frequencies, 1);

describe('rotate', () => {
  it('turns each pair of dimensions by position times frequency, in every head', () => {
    const input = randomTensor([6, 8], 'input');
    const expected = places.flat().flatMap((position, row) =>
      [0, 4].flatMap((head) => {
        const at = (index: number) => input.data[row * 8 + head + index]!;
        const turned = frequencies.map((frequency, pair) => {
          const angle = position * frequency;
          const [x, y] = [at(pair), at(pair + 2)];
          return [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)] as const;
        });
        return [...turned.map(([x]) => x), ...turned.map(([, y]) => y)];
      }),
    );
    const actual = compute(() => rotate(toTensor(input) as tf.Tensor2D, { batchSize: 2, headSize: 4, by: by() }));
    expectClose(actual, floatTensor([6, 8], expected), exact);
  });

  it('has the gradient that central differences give', async () => {
    const loss = (tensors: Tensors) => weighted(rotate(taken(tensors, 'x'), { batchSize: 2, headSize: 4, by: by() }));
    await checkGradients({ loss, values: randomTensors({ x: [6, 8] }), random: randomSource(5) });
  });

  it('has its length scaled where the context is extended', () => {
    const position = tf.zeros([1, 1], 'int32') as tf.Tensor2D;
    const scaled = () =>
      rotate(tf.ones([1, 4]), { batchSize: 1, headSize: 4, by: rotation(position, frequencies, 1.5) });
    expectClose(compute(scaled), floatTensor([1, 4], [1.5, 1.5, 1.5, 1.5]), exact);
  });
});
