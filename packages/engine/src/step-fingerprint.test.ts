import type { HostTensors, StepArguments, StepResult } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { fingerprintStep } from './step-fingerprint.ts';

const floats = (shape: number[]) => ({
  dtype: 'float32' as const,
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
});
const types = { state: new Map([['w', floats([3, 2])]]), frozen: new Map() };
const batchOf = (rows: number): HostTensors => new Map([['x', floats([rows, 3])]]);

const fingerprint = (run: (step: StepArguments) => StepResult, rows = 4) =>
  fingerprintStep({ name: 'product', run }, types, batchOf(rows));

const product = ({ state, batch }: StepArguments) => tf.matMul(batch.get('x')!, state.get('w')!);
const masked =
  (rate: number) =>
  (step: StepArguments): StepResult => ({
    outputs: new Map([['y', tf.mul(product(step), step.noise({ site: 'y', shape: [4, 2], rate }))]]),
  });
const plain = (step: StepArguments): StepResult => ({ outputs: new Map([['y', product(step)]]) });

describe('fingerprintStep', () => {
  it('is that of the operations, not of the words they are written in', () => {
    const rewritten = ({ batch: given, state: parameters }: StepArguments): StepResult => {
      // Another comment, other names.
      const [weights, inputs] = [parameters.get('w')!, given.get('x')!];
      return { outputs: new Map([['y', tf.matMul(inputs, weights)]]) };
    };
    expect(fingerprint(rewritten)).toEqual(fingerprint(plain));
    // 4 · 3 · 2 multiply-adds.
    expect(fingerprint(plain).flops).toBe(48);
  });

  it.each<[string, () => { readonly hash: string }]>([
    ['another operation', () => fingerprint((step) => ({ outputs: new Map([['y', tf.neg(product(step))]]) }))],
    ['another constant', () => fingerprint((step) => ({ outputs: new Map([['y', tf.mul(product(step), 2)]]) }))],
    ['another name of an output', () => fingerprint((step) => ({ outputs: new Map([['z', product(step)]]) }))],
    ['another shape of the batch', () => fingerprint(plain, 5)],
    ['dropout', () => fingerprint(masked(0.1))],
  ])('changes with %s', (_, changed) => {
    expect(changed().hash).not.toBe(fingerprint(plain).hash);
  });

  it('tells constants and rates of dropout apart, which no shape shows', () => {
    const times = (factor: number) => (step: StepArguments) => ({
      outputs: new Map([['y', tf.mul(product(step), factor)]]),
    });
    expect(fingerprint(times(2)).hash).not.toBe(fingerprint(times(3)).hash);
    expect(fingerprint(masked(0.1)).hash).not.toBe(fingerprint(masked(0.2)).hash);
  });
});
