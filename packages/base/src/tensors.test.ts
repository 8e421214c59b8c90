import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from './errors.ts';
import {
  cloneTensors,
  floatTensor,
  type HostTensor,
  hashTensors,
  hostTensor,
  intTensor,
  zerosTensor,
} from './tensors.ts';

describe('hostTensor', () => {
  it('takes its dtype from the data, and no copy of it', () => {
    const data = Int32Array.of(1, 2);
    expect(hostTensor([2, 1], data)).toEqual({ dtype: 'int32', shape: [2, 1], data });
    expect(hostTensor([2, 1], data).data).toBe(data);
    expect(floatTensor([], [0.5])).toMatchObject({ dtype: 'float32', shape: [], data: Float32Array.of(0.5) });
    expect(zerosTensor([0, 3])).toMatchObject({ dtype: 'float32', data: new Float32Array(0) });
    expect(zerosTensor([2], 'int32')).toEqual(intTensor([2], [0, 0]));
  });

  it.each<[shape: number[], length: number, message: string]>([
    [[2, 3], 5, 'shape [2, 3] needs 6 values, got 5'],
    [[], 0, 'shape [] needs 1 values, got 0'],
    [[0], 1, 'shape [0] needs 0 values, got 1'],
  ])('refuses shape %j with %i values', (shape, length, message) => {
    expect(() => hostTensor(shape, new Float32Array(length))).toThrow(new ShapeError(`host tensor: ${message}`));
  });
});

describe('hashTensors', () => {
  const value = fc.constantFrom(0, -0, 1, 1 + 2 ** -23, Number.NaN, Number.POSITIVE_INFINITY);
  const tensor = fc
    .record({ shape: fc.array(fc.nat(3), { maxLength: 3 }), isFloat: fc.boolean() })
    .chain(({ shape, isFloat }) => {
      const length = shape.reduce((product, size) => product * size, 1);
      return fc
        .array(value, { minLength: length, maxLength: length })
        .map((values) => (isFloat ? floatTensor(shape, values) : intTensor(shape, values)));
    });
  const tensors = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'a"', 'ab', ''), tensor), {
    selector: ([name]) => name,
    maxLength: 4,
  });
  /** All that a tensor is, bits included. */
  const text = (entries: readonly (readonly [string, HostTensor])[]) =>
    JSON.stringify(
      entries
        .map(([name, { dtype, shape, data }]) => [name, dtype, shape, [...new Uint32Array(data.buffer)]])
        .sort(([a], [b]) => (a! < b! ? -1 : 1)),
    );

  it('is equal exactly where all tensors are, in any order and in any memory', () => {
    fc.assert(
      fc.property(tensors, tensors, (one, other) => {
        const hash = hashTensors(new Map(one));
        expect(hashTensors(cloneTensors(new Map([...one].reverse())))).toBe(hash);
        expect(hashTensors(new Map(other)) === hash).toBe(text(one) === text(other));
      }),
    );
  });

  it('sees a sign of zero, a last bit, a dtype, a shape and a name', () => {
    const maps = [
      [['a', floatTensor([2], [0, 1])]],
      [['a', floatTensor([2], [-0, 1])]],
      [['a', floatTensor([2], [0, 1 + 2 ** -23])]],
      [['a', floatTensor([2], [0, 0])]],
      [['a', intTensor([2], [0, 0])]],
      [['a', floatTensor([1, 2], [0, 1])]],
      [['b', floatTensor([2], [0, 1])]],
      [
        ['a', floatTensor([1], [0])],
        ['b', floatTensor([1], [1])],
      ],
    ] as const;
    expect(new Set(maps.map((entries) => hashTensors(new Map<string, HostTensor>(entries)))).size).toBe(maps.length);
  });

  it('reads a view of a larger buffer where it stands', () => {
    const data = Float32Array.of(9, 1, 2, 9);
    expect(hashTensors(new Map([['a', hostTensor([2], data.subarray(1, 3))]]))).toBe(
      hashTensors(new Map([['a', floatTensor([2], [1, 2])]])),
    );
  });
});

it('clones leave the original as it is', () => {
  const original = new Map([['a', floatTensor([2], [1, 2])]]);
  cloneTensors(original).get('a')!.data.fill(7);
  expect([...original.get('a')!.data]).toEqual([1, 2]);
});
