import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { clipGradients } from './optimizer.ts';

const clipped = (values: readonly number[][], maxNorm: number) =>
  tf.tidy(() => {
    const gradients = new Map(values.map((value, index) => [`g${index}`, tf.tensor1d(value)]));
    return [...clipGradients(gradients, maxNorm).values()].map((gradient) => Array.from(gradient.dataSync()));
  });

describe('clipGradients', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('leaves a norm below the limit as it is', () => {
    expect(clipped([[3, 0], [4]], 6)).toEqual([[3, 0], [4]]);
  });

  it('brings the norm of all gradients together to the limit', () => {
    const [first, second] = clipped([[3, 0], [4]], 1);
    expect(first).toEqual([expect.closeTo(0.6, 6), 0]);
    expect(second).toEqual([expect.closeTo(0.8, 6)]);
  });

  it('keeps zero gradients', () => {
    expect(clipped([[0, 0]], 1)).toEqual([[0, 0]]);
    expect(clipGradients(new Map(), 1).size).toBe(0);
  });
});
