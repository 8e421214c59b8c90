import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordFixture } from '../test/record-fixture.ts';
import { readRecords } from './read-records.ts';
import { writeReport } from './write-report.ts';

const results = recordFixture({
  arms: [{ method: 'lora', trainableParameters: 100, strength: 0.2 }],
  tasks: ['boolq', 'cb'],
  seeds: [1, 2],
});
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'attune-report-'));
  await mkdir(path.join(directory, 'records'));
  await writeFile(path.join(directory, 'experiment.json'), JSON.stringify(results.experiment));
  for (const record of results.records) await writeFile(recordFile(record.key), JSON.stringify(record));
});
afterEach(() => rm(directory, { recursive: true }));

test('reads what was written, in the order of the experiment', async () => {
  expect(await readRecords(directory)).toEqual(results);
});

test('counts trials without a record and leaves out records of other trials', async () => {
  const [first] = results.records;
  const other = { schemaVersion: 0, key: 'f'.repeat(64) };
  await rm(recordFile(first!.key));
  await writeFile(recordFile(other.key), JSON.stringify(other));
  expect(await readRecords(directory)).toEqual({ ...results, records: results.records.slice(1), notRun: 1 });
});

test('names every unusable file and its problems', async () => {
  const [first, second] = results.records;
  await writeFile(recordFile(first!.key), '{"half');
  await writeFile(recordFile(second!.key), JSON.stringify({ ...second, status: 'fine', key: 'x' }));
  const error = await readRecords(directory).catch((problem: Error) => problem);
  const message = String((error as Error).message);
  expect(message).toContain(`${recordFile(first!.key)}: not JSON: `);
  expect(message).toContain(`${recordFile(second!.key)}: key: expected a sha256 in hex`);
  expect(message).toContain(`${recordFile(second!.key)}: status: expected one of "completed", "diverged"`);
  expect(message).toMatch(/it does only the trials without one\.$/);
});

test('says what a directory without an experiment lacks', async () => {
  await rm(path.join(directory, 'experiment.json'));
  await expect(readRecords(directory)).rejects.toThrow(
    `${path.join(directory, 'experiment.json')}: there is no such file; expected a directory written by "attune run"`,
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

function recordFile(key: string): string {
  return path.join(directory, 'records', `${key}.json`);
}
