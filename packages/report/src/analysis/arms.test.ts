import { expect, test } from 'vitest';
import { recordFixture } from '../../test/record-fixture.ts';
import type { ArmRecord } from '../read-records.ts';
import { groupArms } from './arms.ts';

const arm = { method: 'full-fine-tuning', trainableParameters: 10, strength: 0.1 };
const names = (...arms: Parameters<typeof recordFixture>[0]['arms']) =>
  groupArms(recordFixture({ arms, tasks: ['boolq'], seeds: [1, 2] })).map(({ name, records }) => [
    name,
    records.length,
  ]);

test('names drawn weights, since they are not the same model', () => {
  expect(names(arm, { ...arm, initialization: 'random' })).toEqual([
    ['full-fine-tuning', 2],
    ['full-fine-tuning (random weights)', 2],
  ]);
});

test('names models only where several share an initialisation', () => {
  const results = recordFixture({ arms: [arm, { ...arm, initialization: 'random' }], tasks: ['boolq'], seeds: [1] });
  const rename = (record: ArmRecord, name: string) => ({
    ...record,
    config: { ...record.config, model: { ...record.config.model, name } },
  });
  const [trained, drawn] = results.records;
  const records = [trained!, rename(drawn!, 'tiny-bert-drawn')];
  expect(groupArms({ ...results, records }).map(({ name }) => name)).toEqual([
    'full-fine-tuning',
    'full-fine-tuning (random weights)',
  ]);
  expect(
    groupArms({ ...results, records: [...records, rename(trained!, 'base-bert')] }).map(({ name }) => name),
  ).toEqual(['full-fine-tuning (tiny-bert)', 'full-fine-tuning (random weights)', 'full-fine-tuning (base-bert)']);
});

test('does not repeat what the label says', () => {
  expect(names({ ...arm, label: 'random init', initialization: 'random' })).toEqual([['random init', 2]]);
});

test('separates formulations of one task', () => {
  expect(names(arm, { ...arm, formulation: 'cloze' })).toEqual([
    ['full-fine-tuning (head)', 2],
    ['full-fine-tuning (cloze)', 2],
  ]);
});

test('keeps formulations together where they differ by task only', () => {
  const results = recordFixture({ arms: [arm], tasks: ['boolq', 'cb'], seeds: [1] });
  const records = results.records.map((record) =>
    record.config.task.name === 'cb'
      ? { ...record, config: { ...record.config, formulation: 'cloze' as const } }
      : record,
  );
  expect(groupArms({ ...results, records }).map(({ name }) => name)).toEqual(['full-fine-tuning']);
});

test('follows the experiment’s order of arms', () => {
  const results = recordFixture({ arms: [arm, { ...arm, method: 'lora' }], tasks: ['boolq'], seeds: [1] });
  const experiment = { ...results.experiment, arms: ['lora', 'full-fine-tuning'] };
  expect(groupArms({ ...results, experiment }).map(({ name, index }) => [name, index])).toEqual([
    ['lora', 0],
    ['full-fine-tuning', 1],
  ]);
});
