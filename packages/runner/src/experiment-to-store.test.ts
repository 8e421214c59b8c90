import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trainingSettingsSchema } from '@attune/base';
import type { Task } from '@attune/core';
import { sampleRecord } from '@attune/records/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleCatalog, sampleDefinition, sampleFolder, tides as sampleTides } from '../test/sample.ts';
import { resolveExperiment } from './experiment/resolve-experiment.ts';
import { RecordStore } from './store/record-store.ts';
import { expandTrials, type Trial } from './trial/expand-trials.ts';

let folder: string;
let store: RecordStore;
beforeAll(async () => {
  folder = sampleFolder();
  writeFileSync(join(folder, 'data', 'Tides', 'other.jsonl'), '{"other": true}\n');
  const output = join(folder, 'out');
  const trials = await trialsOf({});
  store = await RecordStore.open(output);
  const sample = { name: 'sample', title: 'A sample', question: 'Does it work?', command: 'npx attune run sample.ts' };
  const parts = { models: ['small'], arms: ['nudge'], tasks: ['tides'], seeds: [1] };
  await store.list({ ...sample, ...parts }, trials, { isPart: false, commandFor: () => sample.command });
  for (const { config, code } of trials) {
    await store.write({ record: sampleRecord({ config, code }) }, { equalStays: true });
  }
  store = await RecordStore.open(output);
  await store.load(trials, { replaced: false });
});
afterAll(() => rmSync(folder, { recursive: true }));

const tides: Task = { ...sampleTides, formulations: ['cloze', 'head'] };
const base = { ...sampleDefinition, tasks: [tides], arms: [{ method: 'nudge' }], seeds: [1] };

/** The trials of the experiment with some of its fields replaced. */
async function trialsOf(change: object, surroundings: object = {}): Promise<Trial[]> {
  const catalog = sampleCatalog(folder);
  const definition = { ...base, ...change };
  const experiment = await resolveExperiment({ definition, file: 'x', baseDirectory: folder, catalog });
  const engine = { name: 'onnx', device: 'cpu' };
  return expandTrials(experiment, { engine, libraries: {}, code: 'c'.repeat(64), ...surroundings });
}

const arm = (change: object) => ({ arms: [{ method: 'nudge', ...change }] });
const splits = (change: object) => ({ data: { ...base.data, splits: { ...base.data.splits, ...change } } });

/** A valid value for each training setting, none of them the default. */
const training = {
  ...{ learningRate: 0.5, batchSize: 3, epochs: 2, maxSteps: 7, warmupRatio: 0.5, weightDecay: 0.5, dropout: 0.5 },
  ...{ maxGradientNorm: 2, l1: 0.5, l2: 0.5, maxLength: 9, evaluationsPerEpoch: 2, patience: 1 },
} as const;

describe('a record in the store is found again', () => {
  it.each<[string, object]>([
    ['by the experiment as it was', {}],
    ['with another name', { name: 'renamed' }],
    ['with another title', { title: 'Ebb and flow' }],
    ['with another question', { question: 'Which way?' }],
    ['with another label of its arm', arm({ label: 'shove' })],
    ['with more arms before it', { arms: [{ method: 'zero-shot' }, { method: 'nudge' }] }],
    ['with more seeds before it', { seeds: [3, 2, 1] }],
    ['with more tasks before it', { tasks: ['winds', tides] }],
    ['with its defaults written out', arm({ settings: { mode: 'up', strength: 1 }, training: { epochs: 3 } })],
    ['with settings that its arm takes back', { training: { epochs: 9 }, ...arm({ training: { epochs: 3 } }) }],
  ])('%s', async (_, change) => {
    const found = (await trialsOf(change)).filter((trial) => store.finished(trial) !== undefined);
    expect(found.map(({ config }) => [config.task.name, config.method.name, config.seed])).toEqual([
      ['tides', 'nudge', 1],
    ]);
  });
});

describe('a record in the store is of another trial', () => {
  it.each<[string, object]>([
    ['its method', { arms: [{ method: 'zero-shot' }] }],
    ['a setting of its method', arm({ settings: { strength: 2 } })],
    ['the other one', arm({ settings: { mode: 'down' } })],
    ['its formulation', { formulation: 'head' }],
    ['its task', { tasks: ['winds'] }],
    ['the version of its task', { tasks: [{ ...tides, version: 2 }] }],
    ['its seed', { seeds: [2] }],
    ['the name of its model', { models: [{ name: 'other', directory: 'small' }] }],
    ['its first weights', { models: [{ name: 'small', directory: 'small', initialization: 'random' }] }],
    ['its regime', { data: { ...base.data, regime: 'few-shot' } }],
    ['the rows it trains on', splits({ train: 'other' })],
    ['the rows it chooses by', splits({ select: 'other' })],
    ['the rows it reports', splits({ report: 'other' })],
  ])('when another is %s', async (_, change) => {
    expect((await trialsOf(change)).filter((trial) => store.recorded(trial.key) !== undefined)).toEqual([]);
  });

  it('when any setting of its training is another, each by a key of its own', async () => {
    const names = Object.keys(trainingSettingsSchema.shape) as (keyof typeof training)[];
    expect(Object.keys(training).sort()).toEqual([...names].sort());
    const changed = await Promise.all(names.map((name) => trialsOf({ training: { [name]: training[name] } })));
    expect(new Set(changed.flat().map(({ key }) => key)).size).toBe(names.length);
    expect(changed.flat().filter(({ key }) => store.recorded(key) !== undefined)).toEqual([]);
  });

  it.each<[string, object]>([
    ['its engine', { engine: { name: 'wasm', device: 'cpu' } }],
    ['its device', { engine: { name: 'onnx', device: 'cuda' } }],
    ['a library', { libraries: { ort: '1' } }],
  ])('when another is %s', async (_, surroundings) => {
    expect((await trialsOf({}, surroundings)).filter(({ key }) => store.recorded(key) !== undefined)).toEqual([]);
  });

  it('when other code is to run it, which finds the record and has to prove it', async () => {
    const [trial] = await trialsOf({}, { code: 'd'.repeat(64) });
    expect(store.finished(trial!)).toBeUndefined();
    expect(store.recorded(trial!.key)?.code).toBe('c'.repeat(64));
  });
});
