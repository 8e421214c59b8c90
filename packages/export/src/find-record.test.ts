import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrialRecord } from '@attune/records';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRecord } from './find-record.ts';

let reports: string;
const key = (start: string) => start.padEnd(64, '0');
const records = [
  ['fewglue', 'boolq--lora--mini--s1--aaaaaaaa', key('aaaaaaaa11')],
  ['quick', 'boolq--lora--mini--s1--bbbbbbbb', key('bbbbbbbb22')],
  ['quick', 'boolq--lora--mini--s2--cccccccc', key('cccccccc33')],
] as const;

const hash = 'c0de'.repeat(16);
const record: Omit<TrialRecord, 'experiment' | 'key'> = {
  schemaVersion: 1,
  status: 'no-data',
  config: {
    model: { name: 'mini', checkpointHash: hash, initialization: 'checkpoint' },
    method: { name: 'lora', label: 'lora', settings: {} },
    formulation: 'head',
    task: { name: 'boolq', version: 1 },
    data: { regime: 'full', trainSplit: 'train', selectionSplit: 'dev', reportedSplit: 'val', hash },
    training: {
      learningRate: 1e-3,
      batchSize: 8,
      epochs: 1,
      warmupRatio: 0,
      weightDecay: 0,
      l1: 0,
      l2: 0,
      maxLength: 32,
      evaluationsPerEpoch: 1,
    },
    seed: 1,
    engine: { name: 'onnx', device: 'cpu' },
    code: hash,
  },
  ...{ scores: {}, chance: {}, majority: {}, learningCurve: [], predictions: [] },
  counts: { trainExamples: 0, selectionExamples: 0, reportedExamples: 0, steps: 0 },
  costs: {
    ...{ trainableParameters: 0, totalParameters: 0, flops: 0, trainTimeMs: 0, evaluationTimeMs: 0 },
    ...{ peakMemoryBytes: 0, adapterBytes: 0 },
  },
  environment: { commit: 'c0ffee', dirty: false, node: 'v20', platform: 'linux-x64', versions: {} },
};

beforeAll(() => {
  reports = mkdtempSync(join(tmpdir(), 'attune-find-'));
  for (const [experiment, name, trial] of records) {
    mkdirSync(join(reports, experiment, 'records'), { recursive: true });
    const text = JSON.stringify({ ...record, experiment, key: trial });
    writeFileSync(join(reports, experiment, 'records', `${name}.json`), text);
  }
});
afterAll(() => rmSync(reports, { recursive: true, force: true }));

test.each([
  ['its name', 'boolq--lora--mini--s1--bbbbbbbb', 1],
  ['the beginning of its name', 'boolq--lora--mini--s2', 2],
  ['experiment and name', 'quick/boolq--lora--mini--s1', 1],
  ['its key', key('aaaaaaaa11'), 0],
  ['the beginning of its key', 'cccccc', 2],
])('finds a record by %s', async (_what, text, index) => {
  const [experiment, name, trial] = records[index]!;
  const found = await findRecord(text, reports);
  expect(found).toMatchObject({ name, output: join(reports, experiment), record: { key: trial } });
  expect(await findRecord(join(reports, experiment, 'records', `${name}.json`), '')).toEqual(found);
});

test('offers the nearest names, and lists those that an unclear one stands for', async () => {
  await expect(findRecord('bolq--lora--mini--s1--bbbbbbbb', reports)).rejects.toThrow(
    /^unknown trial "bolq--lora--mini--s1--bbbbbbbb": none of the 3 records in .* has that name or key; a path to a record's file does too\nThe nearest are:\n {2}boolq--lora--mini--s1--bbbbbbbb\n/,
  );
  await expect(findRecord(key('aaaaaaaa12'), reports)).rejects.toThrow('unknown trial "aaaaaaaa12');
  await expect(findRecord('boolq--lora--mini--s1', reports)).rejects.toThrow(
    /^"boolq--lora--mini--s1" stands for 2 trials; name one:\n {2}.*fewglue\/records\/.*aaaaaaaa\.json\n {2}.*quick/,
  );
});
