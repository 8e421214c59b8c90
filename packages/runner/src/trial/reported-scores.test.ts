import { expect, test } from 'vitest';
import { tides } from '../../test/tide-task.ts';
import { reportedScores, withMean } from './train-trial.ts';

const metrics = [{ name: 'genderParity' }, { name: 'accuracy' }];

test('a metric that rows have nothing for is left out of the mean', () => {
  expect(withMean(metrics, { genderParity: Number.NaN, accuracy: 0.75 }).score).toBe(0.75);
  expect(withMean(metrics, { genderParity: 1, accuracy: 0.5 }).score).toBe(0.75);
});

test('and is not reported', () => {
  expect(reportedScores(tides, { accuracy: 0.5 })).toEqual({ accuracy: 0.5 });
  expect(() => reportedScores(tides, { accuracy: Number.NaN })).toThrow(
    "tides: the reported rows have nothing that accuracy measures; report the task's own rows",
  );
});
