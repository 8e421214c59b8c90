import { floatTensor, randomSource, type Tensors } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { checkGradients } from './gradient-check.ts';

const values = new Map([
  ['x', floatTensor([3], [0.5, -1, 2])],
  ['scale', floatTensor([], [1.5])],
]);
const random = randomSource(1);

/** Σ (scale · x)³, with a factor on its gradient: 1 is right. */
const cubes = (factor: number) => {
  const scaleGradient = tf.customGrad((x) => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.mul(dy, factor),
  }));
  return (tensors: Tensors) =>
    tf.sum<tf.Scalar>(scaleGradient(tf.pow(tf.mul(tensors.get('x')!, tensors.get('scale')!), 3)));
};

describe('checkGradients', () => {
  it('accepts a right gradient and leaks nothing', async () => {
    await checkGradients({ loss: cubes(1), values, random });
    const before = tf.memory().numTensors;
    await checkGradients({ loss: cubes(1), values, random });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names what is wrong', async () => {
    await expect(checkGradients({ loss: cubes(1.05), values, random, directions: 1 })).rejects.toThrow(
      /^gradients differ:\nx, direction 0: gradient gives -?[\d.]+, central difference -?[\d.]+\nscale, direction 0: /,
    );
  });

  it('fails where the loss does not depend on a value', async () => {
    const loss = (tensors: Tensors) => tf.sum<tf.Scalar>(tensors.get('x')!);
    await expect(checkGradients({ loss, values, random })).rejects.toThrow('Cannot compute gradient');
  });
});
