import { expect, test } from 'vitest';
import { millisOf } from './time-steps.ts';

const none = { steps: 0, millis: 0 };

test('runs as many steps as are asked for, the warm-up untimed', async () => {
  let runs = 0;
  const run = async () => {
    runs += 1;
  };
  expect(await millisOf(run, { warmup: { steps: 3, millis: 0 }, timed: { steps: 2, millis: 0 } })).toHaveLength(2);
  expect(runs).toBe(5);
});

test('goes on until the time has passed, however short a step is', async () => {
  const taken = await millisOf(async () => undefined, { warmup: none, timed: { steps: 1, millis: 20 } });
  expect(taken.length).toBeGreaterThan(1);
  expect(taken.reduce((sum, millis) => sum + millis, 0)).toBeGreaterThanOrEqual(20);
});
