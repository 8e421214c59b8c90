import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Summary, studentT95, summarize, summarizeGroups } from './statistics.ts';

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

describe('for any scores', () => {
  /** Shares in thousandths, so that sums and shifts keep their digits. */
  const score = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000);
  const groups = fc.array(fc.array(score, { minLength: 2, maxLength: 6 }), { minLength: 1, maxLength: 5 });
  const width = ({ interval }: Summary) => interval![1] - interval![0];

  test('the interval is around the mean, and the mean within the scores', () => {
    fc.assert(
      fc.property(groups, (given) => {
        const { mean, interval, count } = summarizeGroups(given)!;
        const all = given.flat();
        expect(count).toBe(all.length);
        expect(mean).toBeGreaterThanOrEqual(Math.min(...all) - 1e-12);
        expect(mean).toBeLessThanOrEqual(Math.max(...all) + 1e-12);
        expect((interval![0] + interval![1]) / 2).toBeCloseTo(mean, 12);
      }),
    );
  });

  test('order of seeds and of tasks is no matter', () => {
    fc.assert(
      fc.property(groups, (given) => {
        const turned = given.map((group) => group.toReversed()).toReversed();
        const [one, other] = [summarizeGroups(given)!, summarizeGroups(turned)!];
        expect(other.mean).toBeCloseTo(one.mean, 12);
        expect(width(other)).toBeCloseTo(width(one), 12);
      }),
    );
  });

  test('adding to every score moves mean and interval, stretching them stretches both', () => {
    fc.assert(
      fc.property(groups, score, fc.integer({ min: 1, max: 9 }), (given, shift, factor) => {
        const plain = summarizeGroups(given)!;
        const changed = summarizeGroups(given.map((group) => group.map((value) => factor * value + shift)))!;
        expect(changed.mean).toBeCloseTo(factor * plain.mean + shift, 9);
        expect(width(changed)).toBeCloseTo(factor * width(plain), 9);
      }),
    );
  });

  test('a seed that repeats every score narrows the interval, a constant between tasks does not widen it', () => {
    fc.assert(
      fc.property(groups, score, (given, shift) => {
        const twice = summarizeGroups(given.map((group) => [...group, ...group]))!;
        expect(width(twice)).toBeLessThanOrEqual(width(summarizeGroups(given)!) + 1e-12);
        const [first, ...others] = given;
        const apart = [first!.map((value) => value + shift), ...others];
        expect(width(summarizeGroups(apart)!)).toBeCloseTo(width(summarizeGroups(given)!), 9);
      }),
    );
  });

  test('more degrees of freedom never widen an interval', () => {
    const quantiles = Array.from({ length: 300 }, (_, index) => studentT95(1 + index / 2)!);
    expect(quantiles).toEqual(quantiles.toSorted((a, b) => b - a));
    expect(quantiles.at(-1)).toBeGreaterThan(1.96);
  });
});
