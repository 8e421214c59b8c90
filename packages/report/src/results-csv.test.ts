import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { recordFileName, recordText, sealed, type TrialRecord } from '@attune/records';
import Papa from 'papaparse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordFixture, unscored } from '../test/record-fixture.ts';
import { readRecords } from './read-records.ts';
import { resultsCsv } from './results-csv.ts';

const results = recordFixture({
  arms: [
    { method: 'full-fine-tuning', trainableParameters: 1_000_000, strength: 0.3 },
    { method: 'lora', label: 'LoRA, "r = 2"', formulation: 'cloze', trainableParameters: 500, strength: 0.1 },
    { method: 'zero-shot', initialization: 'random', trainableParameters: 0, strength: 0 },
  ],
  tasks: ['boolq', 'cb'],
  seeds: [1, 2],
  change: (record) => {
    const { method, task } = record.config;
    return method.name === 'lora' && task.name === 'cb'
      ? unscored(record, 'failed', 'the disk, it was\n"full"')
      : record;
  },
});

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'attune-csv-'));
  await mkdir(path.join(directory, 'records'));
  await writeFile(path.join(directory, 'experiment.json'), recordText(results.experiment));
  for (const { arm: _, ...record } of results.records) await writeFile(fileOf(record), recordText(sealed(record)));
});
const fileOf = (record: TrialRecord) => path.join(directory, 'records', recordFileName(record));
afterAll(() => rm(directory, { recursive: true }));

type Row = Record<string, string>;
const parsed = (csv: string) => Papa.parse<Row>(csv.trimEnd(), { header: true });

/** The rows that a record should have, metric by metric. */
function expectedRows({ config, scores, chance, majority, costs, run, ...record }: TrialRecord): Row[] {
  const trial = {
    ...{
      experiment: results.experiment.name,
      model: config.model.initialization === 'random' ? 'tiny-bert-random' : 'tiny-bert',
    },
    ...{ method: config.method.name, formulation: config.formulation, task: config.task.name },
    ...{ regime: config.data.regime, seed: `${config.seed}`, split: config.data.reportedSplit, status: record.status },
    ...{ trainable_parameters: `${costs.trainableParameters}`, total_parameters: `${costs.totalParameters}` },
    ...{ flops: `${costs.flops}`, train_ms: `${run.trainTimeMs}`, adapter_bytes: `${costs.adapterBytes}` },
    peak_memory_bytes: `${run.peakMemoryBytes}`,
  };
  const metrics = record.status === 'completed' ? Object.keys(scores) : ['score'];
  return metrics.map((metric) => ({
    ...trial,
    metric,
    score: scores[metric] === undefined ? '' : `${scores[metric]}`,
    ...{ chance: `${chance[metric]}`, majority: `${majority[metric]}` },
  }));
}

test('has every metric of every record in full precision, after records were written and read', async () => {
  const read = await readRecords(directory);
  expect(read.records.map(({ hash: _, ...record }) => record)).toEqual(
    results.records.map(({ hash: _, ...record }) => record),
  );
  const { data, errors, meta } = parsed(resultsCsv(read));
  expect(errors).toEqual([]);
  expect(meta.fields).toHaveLength(19);
  const expected = results.records.flatMap(expectedRows);
  expect(data).toEqual(expected);
  // One row named score for each of 3 arms, 2 tasks and 2 seeds.
  expect(data.map(({ metric }) => metric).filter((metric) => metric === 'score')).toHaveLength(12);
  expect(data.filter(({ score }) => score === '').map(({ status }) => status)).toEqual(['failed', 'failed']);
});

test('scores read back are the numbers that were recorded, bit for bit', async () => {
  const { data } = parsed(resultsCsv(await readRecords(directory)));
  const scores = data
    .filter(({ score, metric }) => score !== '' && metric === 'score')
    .map(({ score }) => Number(score));
  const recorded = results.records.filter(({ status }) => status === 'completed').map((record) => record.scores.score);
  expect(scores).toEqual(recorded);
});

test('a record that another program cut short is refused by its name, and nothing is averaged', async () => {
  const file = fileOf(results.records[0]!);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.slice(0, -20));
  await expect(readRecords(directory)).rejects.toThrow(path.basename(file));
  await writeFile(file, text);
  expect((await readRecords(directory)).records).toHaveLength(results.records.length);
});
