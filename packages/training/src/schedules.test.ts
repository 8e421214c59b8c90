import { describe, expect, it } from 'vitest';
import { constantSchedule, linearSchedule } from './optimizer.ts';

const factors = (schedule: (step: number) => number, count: number) =>
  Array.from({ length: count }, (_, step) => schedule(step));

describe('linearSchedule', () => {
  it('rises to 1 at the end of the warm-up and falls to 0 at the last step', () => {
    expect(factors(linearSchedule({ warmupSteps: 2, totalSteps: 6 }), 8)).toEqual([0, 0.5, 1, 0.75, 0.5, 0.25, 0, 0]);
  });

  it('starts at 1 without a warm-up', () => {
    expect(factors(linearSchedule({ warmupSteps: 0, totalSteps: 4 }), 4)).toEqual([1, 0.75, 0.5, 0.25]);
  });
});

describe('constantSchedule', () => {
  it('never changes', () => {
    expect(factors(constantSchedule, 3)).toEqual([1, 1, 1]);
  });
});
