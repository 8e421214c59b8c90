import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { recordFileName, recordText, type TrialRecord } from '@attune/records';
import { expect, test } from 'vitest';
import { type FixtureOptions, recordFixture, unscored } from '../test/record-fixture.ts';
import { resultsCsv } from './results-csv.ts';
import { terminalTable } from './terminal-table.ts';
import { renderReport, writeReport } from './write-report.ts';

const arms = [
  { method: 'full-fine-tuning', trainableParameters: 1_000_000, strength: 0.3 },
  { method: 'zero-shot', formulation: 'cloze' as const, trainableParameters: 0, strength: 0 },
];
const base: FixtureOptions = { arms, tasks: ['boolq', 'record'], seeds: [1, 2] };
const markdown = async (options: FixtureOptions) => (await renderReport(recordFixture(options))).get('report.md')!;

test('one seed: scores without spread, and no claim of an order', async () => {
  const report = await markdown({ ...base, seeds: [7] });
  expect(report).toContain('(1 seed, no interval)');
  expect(report).toContain('from 2 pairs of trials: too few to say how sure');
  expect(report).not.toContain('NaN');
  expect(report).not.toContain('±  ');
});

test('a task without data is said in its column and in the notes, and left out of the mean', async () => {
  const report = await markdown({
    ...base,
    change: (record) => (isTask(record, 'record') ? unscored(record, 'no-data', 'there is no val file') : record),
  });
  expect(report).toContain('on average over 1 task (2 seeds');
  expect(report).toMatch(/\| full-fine-tuning \|.*\| no data \| 2 \|/);
  expect(report).toContain('| record | no data | all 2 | 1, 2 | there is no val file |');
  expect(report).toContain('Of 8 trials, 4 completed; 4 had no data.');
});

test('all diverged: the report says so and draws nothing', async () => {
  const results = recordFixture({
    ...base,
    change: (record) => unscored(record, 'diverged', 'loss was NaN at step 3'),
  });
  const files = await renderReport(results);
  expect([...files.keys()]).toEqual(['results.csv', 'report.md', 'report.html']);
  expect(files.get('report.md')).toContain('**No trial has completed with a score, so there is nothing to compare.**');
  expect(files.get('report.md')).toContain('| boolq | diverged | all 2 | 1, 2 | loss was NaN at step 3 |');
  expect(resultsCsv(results).split('\n')[1]).toBe(
    'fixture,tiny-bert,full-fine-tuning,head,boolq,world,1,val,score,,0.5,0.525,1000000,1000000,6000000000,1900,52000000,4000000,diverged',
  );
});

test('all failed in a new folder: the report is written, without figures', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'attune-report-'));
  const results = recordFixture({ ...base, change: (record) => unscored(record, 'failed', 'the disk is full') });
  const written = await writeReport(directory, { results });
  expect(written.map((file) => path.basename(file))).toEqual(['results.csv', 'report.md', 'report.html']);
  await rm(directory, { recursive: true });
});

test('zero trials: a report that says nothing has run', async () => {
  const results = recordFixture({ ...base, change: () => undefined });
  const files = await renderReport(results);
  const report = files.get('report.md')!;
  expect(report).toContain('**None of the 8 trials has run yet, so there is nothing to compare.**');
  expect(report).toContain('8 trials of this experiment have not run yet');
  expect(files.get('results.csv')).toMatch(/^experiment,model,.*,status\n$/);
  expect(terminalTable(results)).toContain('majority class');
});

test('an interrupted experiment: the mean of an unfinished method is neither best nor compared', async () => {
  const report = await markdown({
    ...base,
    change: (record) => (isTask(record, 'record') && record.config.method.name === 'zero-shot' ? undefined : record),
  });
  expect(report).toMatch(/\| zero-shot \| \d+\.\d \(1 of 2 tasks\) \|/);
  expect(report).toContain('full-fine-tuning scored best');
  expect(report).not.toContain('The next best');
  expect(report).toContain('Of 8 trials, 6 completed; 2 have not run yet.');
});

test('scores near guessing are called that', async () => {
  const report = await markdown({ ...base, arms: arms.map((arm) => ({ ...arm, strength: 0.02 })) });
  expect(report).toMatch(/\*\*.*scored best: .* Even that is near guessing, .*\*\*/);
  expect(report).not.toContain('points above the majority class');
});

test('data cannot break the page', async () => {
  const label = '<b>a|b</b> & "c" *d*';
  const files = await renderReport(recordFixture({ ...base, arms: [{ ...arms[0]!, label }] }));
  const html = files.get('report.html')!;
  expect(html).toContain('&lt;b&gt;a|b&lt;/b&gt; &amp; &quot;c&quot; *d*');
  expect(html).not.toContain('<b>a');
  expect(files.get('report.md')).toContain('| \\<b\\>a\\|b\\</b\\> & "c" \\*d\\* |');
});

function isTask(record: TrialRecord, name: string): boolean {
  return record.config.task.name === name;
}

test('a report that cannot be written says which file, and that the records are untouched', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'attune-report-'));
  const { experiment, records } = recordFixture(base);
  await mkdir(path.join(directory, 'records'));
  await writeFile(path.join(directory, 'experiment.json'), JSON.stringify(experiment));
  const { arm: _, ...record } = records[0]!;
  await writeFile(path.join(directory, 'records', recordFileName(record)), recordText(record));
  // A file where the folder of figures should be.
  await writeFile(path.join(directory, 'figures'), '');
  await expect(writeReport(directory)).rejects.toThrow(
    /^\S+figures\/\S+: cannot be written: E(EXIST|NOTDIR)\b.*; the records are untouched; make room or make the folder writable, then "attune report" with this folder writes the pages$/,
  );
  await rm(directory, { recursive: true });
});
