import { randomSource } from '@attune/base';
import { describe, expect, it } from 'vitest';
import { fillDropoutMask } from './training-step.ts';

const fraction = (mask: Float32Array, predicate: (value: number, index: number) => boolean) =>
  mask.reduce((count, value, index) => count + (predicate(value, index) ? 1 : 0), 0) / mask.length;

describe('fillDropoutMask', () => {
  it.each([0.1, 0.3, 0.5, 0.9])('drops a fraction of %f and rescales the rest', (rate) => {
    const mask = fillDropoutMask(randomSource(1).fork('dropout'), 400_000, rate);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / (1 - rate))]));
    // Five standard errors of a proportion over 400,000 values.
    expect(Math.abs(fraction(mask, (value) => value === 0) - rate)).toBeLessThan(
      5 * Math.sqrt((rate * (1 - rate)) / 4e5),
    );
  });

  it('drops neighbours independently', () => {
    const mask = fillDropoutMask(randomSource(2), 400_000, 0.5);
    for (const lag of [1, 2, 16, 128, 1024]) {
      const both = fraction(mask, (value, index) => value === 0 && mask[index + lag] === 0);
      expect(Math.abs(both - 0.25)).toBeLessThan(0.006);
    }
  });

  it('drops independently in two steps', () => {
    const root = randomSource(3).fork('dropout');
    const first = fillDropoutMask(root.fork(0), 400_000, 0.5);
    const second = fillDropoutMask(root.fork(1), 400_000, 0.5);
    expect(Math.abs(fraction(first, (value, index) => value === 0 && second[index] === 0) - 0.25)).toBeLessThan(0.006);
  });

  it('is the same for the same path and keeps everything at rate 0', () => {
    expect(fillDropoutMask(randomSource(4), 64, 0.5)).toEqual(fillDropoutMask(randomSource(4), 64, 0.5));
    expect(fillDropoutMask(randomSource(4), 64, 0)).toEqual(new Float32Array(64).fill(1));
  });

  it('refuses a rate outside [0, 1)', () => {
    expect(() => fillDropoutMask(randomSource(4), 4, 1)).toThrow('dropout rate: expected a number in [0, 1), got 1');
  });
});
