import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordFileName, recordText, sealed } from '@attune/records';
import { listed, sampleExperiment, sampleRecord } from '@attune/records/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRecord } from './find-record.ts';

const record = (rank: number, seed: number) =>
  sampleRecord({
    config: { method: { name: 'lora', settings: { rank } }, task: { name: 'boolq', version: 1 }, seed },
  });
/** One trial in two reports' folders, three of one task and method in the second. */
const records = [
  { experiment: 'fewglue', record: record(4, 1), arm: 'lora' },
  { experiment: 'quick', record: record(8, 1), arm: 'lora-r8' },
  { experiment: 'quick', record: record(8, 2), arm: 'lora-r8' },
  { experiment: 'quick', record: record(2, 1), arm: 'lora-r2' },
] as const;
const nameOf = (index: number) => recordFileName(records[index]!.record).replace('.json', '');
const keyOf = (index: number) => records[index]!.record.key;

let reports: string;
const at = (...names: string[]) => join(reports, ...names);
const problem = (text: string) =>
  findRecord(text, reports).then(
    () => 'found',
    (error: Error) => error.message.replaceAll(/\S*attune-find-\w+/g, 'reports'),
  );

beforeAll(() => {
  reports = mkdtempSync(join(tmpdir(), 'attune-find-'));
  for (const experiment of ['fewglue', 'quick']) {
    const own = records.filter((each) => each.experiment === experiment);
    mkdirSync(at(experiment, 'records'), { recursive: true });
    for (const { record } of own) writeFileSync(at(experiment, 'records', recordFileName(record)), recordText(record));
    const twin = own.map(({ record }) => listed(record, 'twin'));
    const trials = [...own.map(({ record, arm }) => listed(record, arm)), ...(experiment === 'quick' ? twin : [])];
    writeFileSync(at(experiment, 'experiment.json'), recordText(sampleExperiment(trials)));
  }
});
afterAll(() => rmSync(reports, { recursive: true, force: true }));

test.each<[string, () => string, number, string]>([
  ["its file's name", () => nameOf(1), 1, 'lora-r8'],
  ["the beginning of its file's name", () => 'boolq--lora--small--s2', 2, 'lora-r8'],
  ['experiment and name', () => `fewglue/boolq--lora--small--s1`, 0, 'lora'],
  ['experiment and label', () => 'quick/boolq--lora-r8--small--s1', 1, 'lora-r8'],
  ['the other label that lists it', () => 'quick/boolq--twin--small--s2', 2, 'twin'],
  ['its key', () => keyOf(0), 0, 'lora'],
  ['the beginning of its key', () => keyOf(3).slice(0, 12), 3, 'lora-r2'],
])('finds a record by %s', async (_what, text, index, arm) => {
  const { experiment, record } = records[index]!;
  const found = await findRecord(text(), reports);
  expect(found).toEqual({ name: nameOf(index), output: at(experiment), record, arm });
  const byPath = await findRecord(at(experiment, 'records', `${nameOf(index)}.json`), '');
  expect(byPath).toEqual({ ...found, arm: records[index]!.arm });
});

test('offers the nearest names, and lists those that an unclear one stands for', async () => {
  expect(await problem('bolq--lora-r8--small--s1')).toMatch(
    /^unknown trial "bolq--lora-r8--small--s1": none of the 4 records in reports has that name or key; a path to a record's file does too\nThe nearest are:\n {2}boolq--lora-r8--small--s1--/,
  );
  const missing = keyOf(0).replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  expect(await problem(missing)).toMatch(new RegExp(`^unknown trial "${missing}": none of the 4 records`));
  expect(await problem('boolq--lora--small--s1')).toBe(
    `"boolq--lora--small--s1" stands for 3 trials; name one:\n${[
      0,
      ...[1, 3].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    ]
      .map((index) => `  reports/${records[index]!.experiment}/records/${nameOf(index)}.json`)
      .join('\n')}`,
  );
});

test('refuses a record that was changed, renamed or replaced, by its name', async () => {
  const file = at('quick', 'records', `${nameOf(3)}.json`);
  const end = '; "attune run" writes them to <report>/records';
  const shown = `reports/quick/records/${nameOf(3)}.json`;
  const text = recordText(records[3].record);
  writeFileSync(file, text.replace('0.5', '0.9'));
  expect(await problem(file)).toBe(
    `${shown}: is no trial's record that can be used: its content is not what its hash says: it was changed by hand${end}`,
  );
  writeFileSync(file, recordText(sealed({ ...records[3].record, scores: { score: 0.9 } })));
  expect(await problem('quick/boolq--lora-r2')).toBe(
    `${shown}: it is not the record that experiment.json lists: one of the two was replaced; restore what was written ` +
      '(git restore <file>), or run the trial again with --fresh',
  );
  writeFileSync(at('quick', 'records', 'mine.json'), text);
  expect(await problem(at('quick', 'records', 'mine.json'))).toBe(
    `reports/quick/records/mine.json: is no trial's record that can be used: it is the record of another file, ` +
      `${nameOf(3)}.json: it was renamed or put in that one's place${end}`,
  );
});
