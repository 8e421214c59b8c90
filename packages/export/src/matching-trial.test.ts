import type { TrialRecord } from '@attune/records';
import type { ResolvedExperiment } from '@attune/runner/node';
import { beforeEach, expect, test, vi } from 'vitest';
import { matchingTrial } from './find-record.ts';

/** What the experiment has now. */
const now = vi.hoisted(() => ({ trials: [] as unknown[] }));

vi.mock('@attune/runner/node', () => ({
  expandTrials: async () => now.trials,
  trialName: () => 'lora · boolq · seed 1',
}));

const config = {
  ...{ method: { name: 'lora', settings: { rank: 8, targetModules: ['query'] } }, seed: 1, libraries: { tfjs: '1' } },
  ...{ training: { epochs: 5, learningRate: 1e-3 }, data: { hash: 'd1' } },
};
const record = { config } as unknown as TrialRecord;
const trialWith = (change: object) => ({ key: 'k', index: 0, config: { ...structuredClone(config), ...change } });
const match = () => matchingTrial({ name: 'quick' } as ResolvedExperiment, { record, arm: 'lora' }, {} as never);

beforeEach(() => {
  now.trials = [];
});

test('a trial of the same configuration is found, whatever the libraries', async () => {
  now.trials = [trialWith({ libraries: { tfjs: '2' } })];
  expect(await match()).toBe(now.trials[0]);
});

test.each([0, 2])('refuses an experiment with %i such trials', async (count) => {
  now.trials = Array.from({ length: count }, (_, other) => trialWith({ seed: 2 + other }));
  await expect(match()).rejects.toMatchObject({
    name: 'ConfigError',
    message: `lora · boolq · seed 1: expected one such trial in experiment "quick", found ${count}`,
  });
});

test('names every leaf that is another, is new or is gone', async () => {
  const method = { name: 'lora', settings: { rank: 4, targetModules: ['query', 'value'], alpha: 16 } };
  now.trials = [trialWith({ method, training: { epochs: 5 }, data: { hash: 'd2' } })];
  await expect(match()).rejects.toMatchObject({
    name: 'ConfigError',
    message: [
      'lora · boolq · seed 1: the experiment has changed since it was recorded, so it cannot be trained again:',
      '  data.hash: recorded "d1", now "d2"',
      '  method.settings.alpha: recorded nothing, now 16',
      '  method.settings.rank: recorded 8, now 4',
      '  method.settings.targetModules: recorded ["query"], now ["query","value"]',
      '  training.learningRate: recorded 0.001, now nothing',
      'Put back what was recorded, or run the experiment and export the new record.',
    ].join('\n'),
  });
});
