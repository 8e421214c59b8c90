import { floatTensor } from '@attune/base';
import { expect, test } from 'vitest';
import { disagreement, type LossAndGradients } from './agreement.ts';

const side = (loss: number, w: readonly number[], b: readonly number[] = [0]): LossAndGradients => ({
  loss,
  gradients: new Map([
    ['w', floatTensor([w.length], w)],
    ['b', floatTensor([b.length], b)],
  ]),
});

test('equal sides do not disagree', () => {
  expect(disagreement(side(2, [1, -4]), side(2, [1, -4])).value).toBe(0);
});

test('a gradient is compared relative to its own largest element', () => {
  const { where, value } = disagreement(side(2, [1.5, -4]), side(2, [1, -4]));
  expect(where).toBe('w');
  expect(value).toBeCloseTo(0.125, 6);
});

test('a loss is compared relative to it', () => {
  expect(disagreement(side(2.5, [1]), side(2, [1]))).toEqual({ where: 'loss', value: 0.25 });
});

test('a gradient that is rounding alone is compared with a floor', () => {
  const { value } = disagreement(side(1, [4], [1e-7]), side(1, [4], [-1e-7]));
  expect(value).toBeCloseTo(2e-7 / 4e-3, 8);
});

test('a NaN does not pass', () => {
  expect(disagreement(side(1, [4]), side(1, [Number.NaN])).value).toBeNaN();
  expect(disagreement(side(1, [Number.NaN], [3]), side(1, [4], [1])).value).toBeNaN();
});

test('says which names only one side has, and which sizes differ', () => {
  const other: LossAndGradients = { loss: 1, gradients: new Map([['w', floatTensor([1], [1])]]) };
  expect(() => disagreement(side(1, [1]), other)).toThrow('both sides must have the same names, only one has b');
  expect(() => disagreement(side(1, [1]), side(1, [1, 2]))).toThrow('w has 1 values here, 2 there');
});
