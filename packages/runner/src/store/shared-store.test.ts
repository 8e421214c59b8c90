import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseExperimentRecord, recordFileName, type TrialRecord } from '@attune/records';
import { sampleHash, sampleRecord } from '@attune/records/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleTrial } from '../../test/sample.ts';
import type { Trial } from '../trial/expand-trials.ts';
import { RecordStore } from './record-store.ts';

const [first, second, third] = [1, 2, 3].map((seed) => sampleTrial({ seed })) as [Trial, Trial, Trial];
const description = {
  ...{ name: 'sample', title: 'A sample', question: 'Does it work?', command: 'all' },
  ...{ models: ['small'], arms: ['nudge'], tasks: ['tides'], seeds: [1, 2] },
};
const whole = { isPart: false, commandFor: ({ seeds }: { seeds: readonly number[] }) => `seeds ${seeds.join()}` };
const part = { ...whole, isPart: true };
const record = (of: Trial, score = 0.5, change: Partial<TrialRecord> = {}): TrialRecord => {
  const { key: _key, hash: _hash, predictions: _predictions, ...rest } = change;
  return sampleRecord({ ...rest, config: of.config, code: of.code, scores: { accuracy: score, score } });
};
const asNew = { equalStays: false };

let folder: string;
let stores: RecordStore[];
/** The store of another process, as far as files can tell. */
const opened = async (trials: readonly Trial[]) => {
  const store = await RecordStore.open(folder);
  stores.push(store);
  store.claims.release('');
  await store.load(trials, { replaced: false });
  return store;
};
const listing = () => {
  const read = parseExperimentRecord(readFileSync(join(folder, 'experiment.json'), 'utf8'));
  if ('value' in read) return read.value;
  throw new Error(read.problems.join());
};
const stored = (of: Trial) =>
  JSON.parse(readFileSync(join(folder, 'records', recordFileName(of)), 'utf8')) as TrialRecord;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-store-'));
  stores = [];
});
afterEach(() => {
  for (const store of stores) store.claims.close();
  rmSync(folder, { recursive: true });
});

describe('a record', () => {
  it('stays as the first of two processes wrote it', async () => {
    const [one, other] = [await opened([first]), await opened([first])];
    await one.write({ record: record(first, 0.5) }, asNew);
    expect(await other.write({ record: record(first, 0.75) }, asNew)).toEqual(record(first, 0.5));
    expect(stored(first).scores.score).toBe(0.5);
  });

  it('replaces that of other code, and a failed one, which other processes see', async () => {
    const one = await opened([first]);
    await one.write({ record: record(first, 0.5, { code: sampleHash('e') }) }, asNew);
    const other = await opened([first]);
    expect((await other.arrived(first))?.code).toBeUndefined();
    await one.write({ record: sampleRecord({ config: first.config, code: first.code, status: 'failed' }) }, asNew);
    expect((await other.arrived(first))?.status).toBe('failed');
    expect(await other.arrived(first)).toBeUndefined();
    await other.write({ record: record(first) }, asNew);
    expect(stored(first).status).toBe('completed');
  });
});

describe('the list', () => {
  it('has the trials of two processes that ran parts, whoever ends last', async () => {
    const [one, other] = [await opened([first]), await opened([third])];
    await one.list({ ...description, seeds: [1], command: 'one' }, [first], part);
    await other.list({ ...description, seeds: [3], command: 'other' }, [third], part);
    await other.write({ record: record(third) }, asNew);
    await other.close();
    await one.write({ record: record(first) }, asNew);
    await one.close();
    expect(listing()).toMatchObject({ seeds: [1, 3], command: 'seeds 1,3' });
    expect(listing().trials.map(({ hash }) => hash)).toEqual([record(first).hash, record(third).hash]);
  });

  it('keeps what others run when the whole experiment is listed, and gets back what another one dropped', async () => {
    const other = await opened([third]);
    await other.list({ ...description, seeds: [3], command: 'other' }, [third], part);
    const one = await opened([first, second]);
    await one.list(description, [first, second], whole);
    expect(listing().trials.map(({ seed }) => seed)).toEqual([3, 1, 2]);
    other.claims.close();
    await (await RecordStore.open(folder)).list({ ...description, seeds: [1] }, [first], whole);
    await other.write({ record: record(third) }, asNew);
    await other.close();
    expect(listing().trials.map(({ seed, hash }) => [seed, hash])).toEqual([
      [1, null],
      [3, record(third).hash],
    ]);
  });

  it('names the record that is there, not the one that a process remembers', async () => {
    const one = await opened([first]);
    await one.list({ ...description, seeds: [1] }, [first], whole);
    await one.write({ record: record(first, 0.5) }, asNew);
    const other = await opened([first]);
    await other.write({ record: record(first, 0.75) }, asNew);
    await one.close();
    expect(listing().trials.map(({ hash }) => hash)).toEqual([stored(first).hash]);
    expect(stored(first).scores.score).toBe(0.75);
  });

  it('is not written over that of another experiment', async () => {
    const one = await opened([first]);
    await one.list(description, [first], whole);
    await (await opened([first])).list({ ...description, name: 'another' }, [first], whole);
    await expect(one.close()).rejects.toThrow(
      /experiment\.json: expected the list of "sample", found that of "another", which another process wrote while this run went on; the records are kept: run the same command again, with another --out$/,
    );
    expect(listing().name).toBe('another');
  });

  it('and the records are written again where the folder was removed', async () => {
    const one = await opened([first, second]);
    await one.list(description, [first, second], whole);
    await one.write({ record: record(first) }, asNew);
    rmSync(folder, { recursive: true });
    await one.write({ record: record(second) }, asNew);
    await one.close();
    expect([stored(first), stored(second)]).toEqual([record(first), record(second)]);
    expect(listing().trials.map(({ hash }) => hash)).toEqual([record(first).hash, record(second).hash]);
  });
});
