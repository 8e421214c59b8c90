import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256Hex } from '@attune/base';
import { recordFileName, recordText, scoresText, sealed, type TrialRecord } from '@attune/records';
import { listed, sampleExperiment, sampleRecord } from '@attune/records/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('..', import.meta.url));

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'attune-compare-'));
});
afterAll(() => rmSync(root, { recursive: true }));

const scores = [
  [0.25, 0.75],
  [0.5, 0.125],
];
const scoresHash = sha256Hex(scoresText(scores.map((row) => ({ scores: row })))!);

/** The record of a seed, with the hash of the scores that its answers had; `change` replaces parts of it. */
function recordOf(seed: number, change: Partial<TrialRecord> = {}): TrialRecord {
  const record = sampleRecord({ config: { seed } });
  return sealed({ ...record, predictions: { ...record.predictions, scoresHash }, ...change });
}

const commandRun = { commit: 'f00d', dirty: true, node: 'v22', platform: 'darwin-arm64' };

/** A report's folder. @returns its name */
function write(name: string, experiment: string, records: readonly (readonly [file: string, text: string])[]): string {
  mkdirSync(join(root, name, 'records'), { recursive: true });
  writeFileSync(join(root, name, 'experiment.json'), experiment);
  for (const [file, text] of records) writeFileSync(join(root, name, 'records', file), text);
  return name;
}

function writeReport(name: string, records: readonly TrialRecord[]): string {
  const experiment = sampleExperiment(records.map((record) => listed(record)));
  return write(
    name,
    recordText(experiment),
    records.map((record) => [recordFileName(record), recordText(record)]),
  );
}

/** The same results as format 1 had them: a label in the configuration, answers with scores, times among the costs. */
function writeOldReport(name: string, records: readonly TrialRecord[]): string {
  const old = records.map(({ config, costs, run, predictions, code, hash, proof, ...rest }) => {
    const { environment, ...measured } = run;
    const given = [
      { id: '0', predicted: 'high', gold: 'low', scores: scores[0] },
      { id: '1', predicted: 'low', gold: 'low', scores: scores[1] },
    ];
    const method = { ...config.method, label: config.method.name };
    return { ...rest, config: { ...config, method }, costs: { ...costs, ...measured }, predictions: given };
  });
  const experiment = { schemaVersion: 1, trials: old.map(({ key }) => key) };
  return write(
    name,
    JSON.stringify(experiment),
    old.map((record) => [`${record.config.seed}.json`, JSON.stringify(record)]),
  );
}

/** The same results as format 2 had them: neither notes nor losses. */
function writeFormat2(name: string, records: readonly TrialRecord[]): string {
  const old = records.map(({ notes, lossesHash, ...rest }) => ({ ...rest, schemaVersion: 2 }));
  const experiment = { ...sampleExperiment(records.map((record) => listed(record))), schemaVersion: 2 };
  return write(
    name,
    JSON.stringify(experiment),
    old.map((record) => [`${record.config.seed}.json`, JSON.stringify(record)]),
  );
}

function compare(...folders: readonly string[]) {
  const options = ['--conditions=attune-source', '--import', 'tsx', 'scripts/compare-records.ts'];
  const paths = folders.map((folder) => join(root, folder));
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, ...paths], {
    cwd: repository,
    encoding: 'utf8',
  });
  return { status, stdout: stdout.replaceAll(`${root}/`, ''), stderr };
}

it.each([
  ['1', writeOldReport],
  ['2', writeFormat2],
])('finds results equal that are in format %s, whatever the runs took and which code made them', (_, writeOld) => {
  const before = writeOld('old', [recordOf(1), recordOf(2)]);
  const run = { ...recordOf(1).run, trainTimeMs: 999, environment: commandRun };
  const made = { run, code: 'e'.repeat(64), lossesHash: 'd'.repeat(64), notes: ['pooler: drawn'] };
  const after = writeReport('new', [recordOf(1, made), recordOf(2)]);
  expect(compare(before, after)).toEqual({
    status: 0,
    stdout: 'old and new: 2 trials equal, 0 different\n',
    stderr: '',
  });
});

it('names every trial that differs and in what, also one that only one folder has', () => {
  const before = writeReport('before', [recordOf(1), recordOf(2), recordOf(3), recordOf(4)]);
  const learningCurve = [{ step: 2, epoch: 1, trainLoss: 0.7000000001, selectionScore: 0.5 }];
  const predictions = { ...recordOf(2).predictions, scoresHash: 'd'.repeat(64) };
  const after = writeReport('after', [
    recordOf(1, { learningCurve, parameterHash: 'c'.repeat(64) }),
    recordOf(2, { predictions }),
    recordOf(4, { lossesHash: 'd'.repeat(64) }),
    recordOf(5),
  ]);
  expect(compare(before, after)).toEqual({
    status: 1,
    stdout:
      'before and after: 0 trials equal, 5 different\n' +
      '  tides--nudge--small--s1: learningCurve, parameterHash\n' +
      '  tides--nudge--small--s2: scoresHash\n' +
      '  tides--nudge--small--s3: only in the first\n' +
      '  tides--nudge--small--s4: lossesHash\n' +
      '  tides--nudge--small--s5: only in the second\n',
    stderr: '',
  });
});

it('takes nothing for equal that it cannot read or that is not there', () => {
  const whole = writeReport('whole', [recordOf(1)]);
  const edited = writeReport('edited', [{ ...recordOf(1), scores: { accuracy: 0.999, score: 0.999 } }]);
  const refused = compare(whole, edited);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(/Error: tides--nudge--small--s1--[0-9a-f]{8}\.json: .*changed/);
  const empty = writeReport('empty', []);
  expect(compare(empty, empty)).toMatchObject({ status: 1, stdout: 'empty and empty: 0 trials equal, 0 different\n' });
  expect(compare(whole)).toEqual({
    ...{ status: 2, stdout: '' },
    stderr: 'usage: compare-records <before> <after>, two folders with experiment.json and records/\n',
  });
});
