import type { TrainingSettings } from '@attune/base';
import { referenceEngine } from '@attune/testing';
import { expect, it } from 'vitest';
import { toyCall, toyInstances, toySettings } from '../../test/training-toys.ts';
import { fineTune } from './fine-tune.ts';
import { settingsNotes } from './settings-notes.ts';

const notes = (
  settings: Partial<TrainingSettings>,
  call: { readonly numInstances?: number; readonly selects?: boolean } = {},
) =>
  settingsNotes({
    ...{ modelLength: 128, numInstances: 32, selects: true, ...call },
    settings: {
      ...toySettings,
      maxLength: 128,
      batchSize: 8,
      epochs: 2,
      warmupRatio: 0,
      evaluationsPerEpoch: 1,
      ...settings,
    },
  });

it.each<[string, Partial<TrainingSettings>, string[]]>([
  ['settings that are followed', { patience: 1, warmupRatio: 0.5, batchSize: 32 }, []],
  [
    'a length that the model does not have',
    { maxLength: 4096 },
    ['maxLength 4096: the model has 128 positions, so sequences have 128 tokens at most'],
  ],
  [
    'a batch larger than the data',
    { batchSize: 64 },
    ['batchSize 64: there are 32 instances to train on, so a step takes all of them'],
  ],
  [
    'more evaluations than steps',
    { evaluationsPerEpoch: 100 },
    ['evaluationsPerEpoch 100: an epoch has 4 steps, so an evaluation follows each'],
  ],
  [
    'an evaluation later than the last step',
    { evaluationsPerEpoch: 0.25 },
    ['evaluationsPerEpoch 0.25: an epoch has 4 steps and the training 8, so an evaluation follows the last alone'],
  ],
  ['an evaluation at the last step', { evaluationsPerEpoch: 0.5 }, []],
  [
    'a training that is all warm-up',
    { warmupRatio: 1 },
    ['warmupRatio 1: all 8 steps warm up, so the learning rate never gets to its peak'],
  ],
  [
    'one step that is its own warm-up',
    { warmupRatio: 0.1, maxSteps: 1, evaluationsPerEpoch: 4 },
    ['warmupRatio 0.1: the only step warms up, so its learning rate is 0'],
  ],
  [
    'a patience that cannot run out',
    { patience: 2 },
    ['patience 2: evaluations follow 2 steps, so it cannot end the training'],
  ],
])('says of %s', (_, settings, expected) => {
  expect(notes(settings)).toEqual(expected);
});

it('says nothing of evaluations where nothing is selected, nor of a training where nothing trains', () => {
  expect(notes({ evaluationsPerEpoch: 100, patience: 50 }, { selects: false })).toEqual([]);
  const ignored = { maxLength: 4096, batchSize: 64, warmupRatio: 1 };
  expect(notes(ignored, { numInstances: 0 })).toEqual([expect.stringMatching(/^maxLength 4096: /)]);
});

it('comes with what was trained', async () => {
  const call = toyCall('classification', { maxSteps: 1, warmupRatio: 0, batchSize: 999, maxLength: 4096 });
  const selection = { instances: toyInstances('classification', 2), score: () => 1 };
  const tuned = await fineTune({ ...call, engine: referenceEngine(), selection });
  expect(tuned.notes.map((note) => note.split(':')[0])).toEqual(['maxLength 4096', 'batchSize 999']);
  tuned.dispose();
});
