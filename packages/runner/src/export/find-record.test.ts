import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleConfig, sampleEnvironment } from '../../test/sample.ts';
import { emptyRecord } from '../trial/empty-record.ts';
import { findRecord } from './find-record.ts';

let reports: string;
const key = (start: string) => start.padEnd(64, '0');
const records = [
  ['fewglue', 'boolq--lora--mini--s1--aaaaaaaa', key('aaaaaaaa11')],
  ['quick', 'boolq--lora--mini--s1--bbbbbbbb', key('bbbbbbbb22')],
  ['quick', 'boolq--lora--mini--s2--cccccccc', key('cccccccc33')],
] as const;

beforeAll(() => {
  reports = mkdtempSync(join(tmpdir(), 'attune-find-'));
  for (const [experiment, name, trial] of records) {
    mkdirSync(join(reports, experiment, 'records'), { recursive: true });
    const unfinished = { experiment, environment: sampleEnvironment, status: 'no-data', message: 'none' } as const;
    const text = JSON.stringify(emptyRecord({ key: trial, config: sampleConfig, index: 0 }, unfinished));
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
