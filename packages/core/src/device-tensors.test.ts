import '@tensorflow/tfjs-backend-cpu';
import { cloneTensor, floatTensor, hashTensors, hostTensor, intTensor, randomSource, zerosTensor } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ParameterSpec } from './contracts/model.ts';
import { fromTensor, toTensor } from './device-tensors.ts';
import { countParameters, initializeParameters } from './models/layers/parameters.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const spec = (name: string, shape: number[], initializer: ParameterSpec['initializer']): ParameterSpec => ({
  name,
  shape,
  initializer,
  role: 'encoder',
  decay: true,
});

describe('host tensors', () => {
  it.each([floatTensor([2, 2], [1, -2.5, NaN, Infinity]), intTensor([3], [1, -2, 3]), floatTensor([], [4])])(
    'go to TensorFlow.js and back: %j',
    (host) => {
      const tensor = toTensor(host);
      expect(fromTensor(tensor)).toEqual(host);
      tensor.dispose();
    },
  );

  it('are copied deep, and made of zeros', () => {
    const original = zerosTensor([2], 'int32');
    const copy = cloneTensor(original);
    copy.data[0] = 7;
    expect(original).toEqual(intTensor([2], [0, 0]));
    expect(zerosTensor([1, 2])).toEqual(floatTensor([1, 2], [0, 0]));
  });

  it('refuse a length or a dtype that does not fit', () => {
    expect(() => hostTensor([2, 3], new Float32Array(5))).toThrow('host tensor: shape [2, 3] needs 6 values, got 5');
    expect(() => fromTensor(tf.scalar(true))).toThrow(
      'host tensor: expected float32 or int32, got bool; cast it first',
    );
  });
});

describe('initializeParameters', () => {
  const specs = [
    spec('zeros', [3], { kind: 'zeros' }),
    spec('ones', [3], { kind: 'ones' }),
    spec('normal', [100, 100], { kind: 'normal', stddev: 0.02 }),
    spec('uniform', [100, 100], { kind: 'uniform', bound: 0.5 }),
  ];
  const values = initializeParameters(specs, randomSource(1));
  const moments = (name: string) => {
    const data = [...values.get(name)!.data];
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    return { mean, deviation: Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length) };
  };

  it('draws from the named distributions', () => {
    expect(values.get('zeros')).toEqual(floatTensor([3], [0, 0, 0]));
    expect(values.get('ones')).toEqual(floatTensor([3], [1, 1, 1]));
    expect(Math.abs(moments('normal').mean)).toBeLessThan(0.0008);
    expect(Math.abs(moments('normal').deviation - 0.02)).toBeLessThan(0.0006);
    expect(Math.abs(moments('uniform').mean)).toBeLessThan(0.012);
    expect(Math.abs(moments('uniform').deviation - 0.5 / Math.sqrt(3))).toBeLessThan(0.005);
    expect(Math.max(...values.get('uniform')!.data.map(Math.abs))).toBeLessThanOrEqual(0.5);
  });

  it('gives a parameter the same values whatever else there is', () => {
    const alone = initializeParameters([specs[2]!], randomSource(1));
    expect(alone.get('normal')).toEqual(values.get('normal'));
  });

  it('counts', () => {
    expect(countParameters(specs)).toBe(20_006);
    expect(countParameters(specs, ({ shape }) => shape.length === 1)).toBe(6);
  });
});

describe('hashTensors', () => {
  const a = ['a', floatTensor([2], [1, 2])] as const;
  const b = ['b', intTensor([1], [3])] as const;
  const hash = hashTensors(new Map([a, b]));

  it('does not depend on the order of the map', () => {
    expect(hashTensors(new Map([b, a]))).toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['name', new Map([['c', a[1]], b])],
    ['shape', new Map([['a', floatTensor([2, 1], [1, 2])], b])],
    ['one bit', new Map([['a', floatTensor([2], [1, 2 + 2 ** -22])], b])],
    ['sign', new Map([a, ['b', intTensor([1], [-3])]])],
    ['dtype', new Map([a, ['b', hostTensor([1], new Float32Array(new Int32Array([3]).buffer))]])],
    ['number of tensors', new Map([a])],
  ])('depends on %s', (_, changed) => {
    expect(hashTensors(changed)).not.toBe(hash);
  });
});
