import '@tensorflow/tfjs-backend-cpu';
import type { ParameterSpec } from '@attune/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { penalty } from './optimizer.ts';

const spec = (name: string, decay: boolean): ParameterSpec => ({
  name,
  shape: [2],
  role: 'encoder',
  initializer: { kind: 'zeros' },
  decay,
});
const specs = [spec('a.weight', true), spec('b.weight', true), spec('a.bias', false)];

const penaltyOf = (rates: { l1: number; l2: number }) =>
  tf.tidy(() => {
    const parameters = new Map([
      ['a.weight', tf.tensor1d([1, -2])],
      ['b.weight', tf.tensor1d([0, 3])],
      ['a.bias', tf.tensor1d([100, 100])],
    ]);
    return penalty({ specs, parameters, ...rates })?.arraySync();
  });

describe('penalty', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('adds absolute and squared weights, biases left out', () => {
    expect(penaltyOf({ l1: 0.5, l2: 0 })).toBe(3);
    expect(penaltyOf({ l1: 0, l2: 0.25 })).toBe(3.5);
    expect(penaltyOf({ l1: 0.5, l2: 0.25 })).toBe(6.5);
  });

  it('is absent at rates of 0', () => {
    expect(penaltyOf({ l1: 0, l2: 0 })).toBeUndefined();
  });
});
