import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { displayPath } from '@attune/base/node';
import { recordFileName, recordText, sealed, type TrialRecord } from '@attune/records';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordFixture } from '../test/record-fixture.ts';
import { readRecords } from './read-records.ts';
import { writeReport } from './write-report.ts';

const results = recordFixture({
  arms: [{ method: 'lora', trainableParameters: 100, strength: 0.2 }],
  tasks: ['boolq', 'cb'],
  seeds: [1, 2],
});
/** As they were written: without the arm, which is the experiment's. */
const records = results.records.map(({ arm, ...record }): TrialRecord => record);
const [first, second] = records as [TrialRecord, TrialRecord];
const advice =
  'Restore what was written (git restore <file>), or remove the file and run the experiment again: it does only the trials without a record.';
let directory: string;

const experimentFile = () => path.join(directory, 'experiment.json');
const recordFile = (record: TrialRecord) => path.join(directory, 'records', recordFileName(record));
const problem = async () => String(((await readRecords(directory).catch((error: Error) => error)) as Error).message);

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'attune-report-'));
  await mkdir(path.join(directory, 'records'));
  await writeFile(experimentFile(), recordText(results.experiment));
  for (const record of records) await writeFile(recordFile(record), recordText(record));
});
afterEach(() => rm(directory, { recursive: true }));

test('reads what was written, in the order of the experiment', async () => {
  expect(await readRecords(directory)).toEqual(results);
});

test('counts trials without a record and leaves out records of other trials', async () => {
  const other = { schemaVersion: 0, key: 'f'.repeat(64) };
  await rm(recordFile(first));
  await writeFile(path.join(directory, 'records', 'other.json'), JSON.stringify(other));
  expect(await readRecords(directory)).toEqual({ ...results, records: results.records.slice(1), notRun: 1 });
});

test('takes a record that is listed without its hash, as a run that was killed leaves it', async () => {
  const trials = results.experiment.trials.map((trial) => ({ ...trial, hash: null }));
  await writeFile(experimentFile(), recordText(sealed({ ...results.experiment, trials })));
  expect((await readRecords(directory)).records).toEqual(results.records);
});

test('gives a record to every arm that lists it', async () => {
  const twin = { ...results.experiment.trials[0]!, arm: 'twin' };
  const trials = [...results.experiment.trials, twin];
  await writeFile(experimentFile(), recordText(sealed({ ...results.experiment, trials })));
  const read = await readRecords(directory);
  expect(read.records.at(-1)).toEqual({ ...first, arm: 'twin' });
  expect(read.records).toHaveLength(5);
});

test('refuses a score that was edited', async () => {
  const text = (await readFile(recordFile(first), 'utf8')).replace(/"score": [\d.]+/, '"score": 0.999');
  await writeFile(recordFile(first), text);
  expect(await problem()).toBe(
    `${recordFile(first)}: its content is not what its hash says: it was changed by hand\n${advice}`,
  );
});

test('refuses a score that was edited and hashed anew', async () => {
  await writeFile(recordFile(first), recordText(sealed({ ...first, scores: { score: 0.999 } })));
  expect(await problem()).toBe(
    `${recordFile(first)}: it is not the record that experiment.json lists: one of the two was replaced\n${advice}`,
  );
});

test('refuses a configuration that is not the one of the key', async () => {
  const config = { ...first.config, seed: 9 };
  await writeFile(recordFile(first), recordText(sealed({ ...first, config })));
  expect(await problem()).toBe(
    `${recordFile(first)}: key and config do not belong together: it was changed by hand\n${advice}`,
  );
});

test('refuses records that changed places, and one that was renamed', async () => {
  await rename(recordFile(first), path.join(directory, 'records', 'swap'));
  await rename(recordFile(second), recordFile(first));
  await rename(path.join(directory, 'records', 'swap'), recordFile(second));
  const message = await problem();
  for (const [there, here] of [
    [first, second],
    [second, first],
  ] as const) {
    const name = recordFileName(here);
    expect(message).toContain(
      `${recordFile(there)}: it is the record of another file, ${name}: it was renamed or put in that one's place\n`,
    );
  }
});

test('refuses an experiment whose list was edited', async () => {
  const text = await readFile(experimentFile(), 'utf8');
  await writeFile(experimentFile(), text.replace('"arm": "lora"', '"arm": "mine"'));
  expect(await problem()).toBe(
    `${experimentFile()}: its content is not what its hash says: it was changed by hand\n${advice}`,
  );
});

test('names every unusable file and its problems', async () => {
  await writeFile(recordFile(first), recordText(first).slice(0, 500));
  await writeFile(recordFile(second), JSON.stringify({ ...second, status: 'fine', counts: {} }));
  const message = await problem();
  expect(message).toContain(`${recordFile(first)}: not JSON, cut short or damaged: `);
  expect(message).toContain(`${recordFile(second)}: status: expected one of "completed", "diverged"`);
  expect(message).toContain(`${recordFile(second)}: counts.steps: expected`);
  expect(message.split('\n').at(-1)).toBe(advice);
});

test('says what an earlier format is', async () => {
  await writeFile(experimentFile(), JSON.stringify({ ...results.experiment, schemaVersion: 1 }));
  expect(await problem()).toBe(
    `${experimentFile()}: expected format 3 (schemaVersion), got 1, that of an earlier version of Attune; run its experiment anew with --fresh\n${advice}`,
  );
});

test('says what a folder that is no report lacks, and which reports are near it', async () => {
  const expected = (folder: string) => `${displayPath(folder)}: expected a folder that "attune run" wrote, `;
  const refusal = async (folder: string) =>
    String(((await readRecords(folder).catch((error: Error) => error)) as Error).message);
  const project = path.join(directory, 'project');
  const [report, file] = [path.join(project, 'reports', 'ranks'), path.join(project, 'notes.txt')];
  await mkdir(report, { recursive: true });
  await writeFile(file, '');
  expect(await refusal(project)).toBe(`${expected(project)}it has no experiment.json; run an experiment first`);
  await writeFile(path.join(report, 'experiment.json'), '{}');
  const near = `reports near it: ${displayPath(report)}`;
  expect(await refusal(project)).toBe(`${expected(project)}it has no experiment.json; ${near}`);
  expect(await refusal(path.dirname(report))).toBe(
    `${expected(path.dirname(report))}it has no experiment.json; ${near}`,
  );
  expect(await refusal(`${report}s`)).toBe(`${expected(`${report}s`)}there is no such folder; ${near}`);
  expect(await refusal(file)).toBe(`${expected(file)}it is a file; run an experiment first`);
  await rm(experimentFile());
  expect(await refusal(directory)).toBe(
    `${expected(directory)}it has no experiment.json; restore that (git restore <file>) or run the experiment again`,
  );
});

test('writes the report beside the records and removes figures that no longer apply', async () => {
  await mkdir(path.join(directory, 'figures'));
  await writeFile(path.join(directory, 'figures', 'old.svg'), '<svg/>');
  await writeFile(path.join(directory, 'figures', 'notes.txt'), 'kept');
  const written = await writeReport(directory, { command: 'npm run compare' });
  expect(written).toContain(path.join(directory, 'report.html'));
  expect(await readdir(path.join(directory, 'figures'))).toEqual([
    'learning-curves.svg',
    'learning-curves.vl.json',
    'notes.txt',
    'score-by-parameters.svg',
    'score-by-parameters.vl.json',
    'scores-by-task.svg',
    'scores-by-task.vl.json',
  ]);
  expect(await readFile(path.join(directory, 'report.md'), 'utf8')).toContain('```sh\nnpm run compare\n```');
});

test('leaves pages alone that would not change', async () => {
  const files = await writeReport(directory);
  const changed = files.find((file) => file.endsWith('report.md'))!;
  await writeFile(changed, 'another');
  const times = () => Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
  const before = await times();
  await writeReport(directory);
  const after = await times();
  expect(files.filter((_, index) => before[index] !== after[index])).toEqual([changed]);
});
