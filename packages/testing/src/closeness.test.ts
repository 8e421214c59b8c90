import { floatTensor, intTensor } from '@attune/base';
import { describe, expect, it } from 'vitest';
import { expectAllClose, expectClose } from './closeness.ts';

const tolerance = { relative: 1e-4, absolute: 1e-5 };
const pair = (...values: number[]) => floatTensor([values.length], values);

describe('expectClose', () => {
  it('accepts what is within the bound, special values included', () => {
    expectClose(pair(1.00005, 0, -0, NaN, Infinity), pair(1, 0.000009, 0, NaN, Infinity), tolerance);
    expectClose(intTensor([], [3]), intTensor([], [3]), tolerance);
  });

  it('names the first element that differs', () => {
    const expected = floatTensor([2, 3], [0, 1, 2, 3, 4, 5]);
    const actual = floatTensor([2, 3], [0, 1, 2, 3, 4.5, 6]);
    expect(() => expectClose(actual, expected, tolerance)).toThrow(
      'element [1, 1]: expected 4, got 4.5; 2 of 6 elements differ by more than 0.00001 + 0.0001 · |expected|',
    );
  });

  it.each([
    [NaN, 1],
    [1, NaN],
    [Infinity, 1],
    [1, Infinity],
    [Infinity, -Infinity],
    [NaN, Infinity],
    [1.0002, 1],
  ])('tells %f from %f', (actual, expected) => {
    expect(() => expectClose(pair(actual), pair(expected), tolerance)).toThrow('element [0]: expected');
  });

  it('compares shape and dtype', () => {
    const expected = floatTensor([2, 1], [1, 2]);
    expect(() => expectClose(pair(1, 2), expected, tolerance)).toThrow('shape: expected [2, 1], got [2]');
    expect(() => expectClose(intTensor([2, 1], [1, 2]), expected, tolerance)).toThrow(
      'dtype: expected float32, got int32',
    );
  });
});

describe('expectAllClose', () => {
  it('names the tensor', () => {
    const expected = new Map([['bias', pair(1)]]);
    expect(() => expectAllClose(new Map([['bias', pair(2)]]), expected, tolerance)).toThrow(
      'bias: element [0]: expected 1, got 2',
    );
    expect(() => expectAllClose(new Map(), expected, tolerance)).toThrow('names: expected bias, got ');
  });
});
