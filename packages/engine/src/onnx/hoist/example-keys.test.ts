import type { HostTensor } from '@attune/base';
import { expect, test } from 'vitest';
import { exampleKeys } from './hoisted-part.ts';

const ints = (shape: readonly number[], ...values: number[]): HostTensor => ({
  dtype: 'int32',
  shape,
  data: Int32Array.from(values),
});

test('an example has the same key wherever it lies, and another content has another', () => {
  const batch = new Map([
    ['ids', ints([3, 2], 1, 2, 3, 4, 1, 2)],
    ['mask', ints([3], 1, 1, 0)],
    ['labels', ints([3], 7, 8, 9)],
  ]);
  const [first, second, third] = exampleKeys(batch, ['ids', 'mask'], 3);
  expect(new Set([first, second, third]).size).toBe(3);
  const other = new Map([
    ['ids', ints([2, 2], 3, 4, 1, 2)],
    ['mask', ints([2], 1, 1)],
  ]);
  expect(exampleKeys(other, ['ids', 'mask'], 2)).toEqual([second, first]);
  expect(exampleKeys(batch, ['ids'], 3)[0]).toBe(exampleKeys(batch, ['ids'], 3)[2]);
});

test('reads a tensor that is a part of a larger buffer, and every bit of a number', () => {
  const data = Float32Array.of(9, 0, -0, Number.NaN).subarray(1);
  const batch = new Map([['x', { dtype: 'float32', shape: [3], data } as const]]);
  const keys = exampleKeys(batch, ['x'], 3);
  expect(new Set(keys).size).toBe(3);
  expect(keys.map((key) => key.length)).toEqual([4, 4, 4]);
});
