import { expect, test } from 'vitest';
import { largestDifference } from './check-outputs.ts';

const output = (...scores: number[]) => [{ scores }];

test.each([
  ['absolute below 1', output(0.5, 0.25), output(0.5, 0.75), 0.5],
  ['relative above 1', output(90), output(100), 0.1],
  ['infinite for NaN', output(Number.NaN, 1), output(1, 1), Number.POSITIVE_INFINITY],
  [
    'infinite for another fill',
    [{ scores: [1], filledIds: [3] }],
    [{ scores: [1], filledIds: [4] }],
    Number.POSITIVE_INFINITY,
  ],
])('a difference is %s', (_what, actual, expected, difference) => {
  expect(largestDifference(actual, expected)).toBe(difference);
});
