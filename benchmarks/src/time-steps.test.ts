import { expect, test } from 'vitest';
import { summarizeTurns, timeRuns } from './time-steps.ts';

const none = { steps: 0, millis: 0 };

test('runs as many steps as are asked for, the warm-up untimed', async () => {
  let runs = 0;
  const run = async () => {
    runs += 1;
  };
  const { millis } = await timeRuns(run, { warmup: { steps: 3, millis: 0 }, timed: { steps: 2, millis: 0 } });
  expect(millis).toHaveLength(2);
  expect(runs).toBe(5);
});

test('goes on until the time has passed, however short a step is', async () => {
  const { millis } = await timeRuns(async () => undefined, { warmup: none, timed: { steps: 1, millis: 20 } });
  expect(millis.length).toBeGreaterThan(1);
  expect(millis.reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(20);
});

test('turns of one side are summed up together, processor time by step', () => {
  const turns = [
    { millis: [4, 2], processorMs: 10 },
    { millis: [3], processorMs: 2 },
  ];
  expect(summarizeTurns(turns)).toEqual({ stepMs: { median: 3, min: 2, max: 4, count: 3 }, processorMs: 4 });
});
