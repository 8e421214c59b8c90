import { expect, test } from 'vitest';
import { summarize, summarizeGroups } from './summary.ts';

test('summarizes three seeds as computed by hand', () => {
  // mean 0.6, deviations -0.1 0 0.1: variance 0.02 / 2, sd 0.1; half width 4.303 · 0.1 / √3 = 0.2484...
  const summary = summarize([0.5, 0.6, 0.7])!;
  expect(summary.mean).toBeCloseTo(0.6, 12);
  expect(summary.sd).toBeCloseTo(0.1, 12);
  expect(summary.interval![0]).toBeCloseTo(0.6 - 0.248434, 5);
  expect(summary.interval![1]).toBeCloseTo(0.6 + 0.248434, 5);
  expect(summary.count).toBe(3);
});

test('claims no spread for one seed', () => {
  expect(summarize([0.5])).toEqual({ mean: 0.5, count: 1 });
});

test('has nothing to say about no values', () => {
  expect(summarize([])).toBeUndefined();
  expect(summarizeGroups([[], []])).toBeUndefined();
});

test('gives equal values an interval of no width', () => {
  expect(summarize([0.1, 0.1, 0.1])).toEqual({ mean: 0.1, sd: 0, interval: [0.1, 0.1], count: 3 });
});

test('weighs groups equally and ignores the spread between them', () => {
  // group means 0.2 and 0.8, mean 0.5
  // variances: [0.1, 0.3]: 0.02, v 0.01; [0.7, 0.9]: 0.02, v 0.01; se = √0.02 / 2 = 0.070711
  // degrees = 0.02² / (0.01² + 0.01²) = 2, t 4.303, half width 0.304268
  const summary = summarizeGroups([
    [0.1, 0.3],
    [0.7, 0.9],
  ])!;
  expect(summary.mean).toBeCloseTo(0.5, 12);
  expect(summary.interval![0]).toBeCloseTo(0.5 - 0.304268, 5);
  expect(summary.interval![1]).toBeCloseTo(0.5 + 0.304268, 5);
  expect(summary.count).toBe(4);
  expect(summary.sd).toBeUndefined();
});

test('gives no interval when one group has a single value', () => {
  expect(summarizeGroups([[0.1, 0.3], [0.5]])?.interval).toBeUndefined();
});
