import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FineTuningMethod, Task } from '@attune/core';
import type { TrialRecord } from '@attune/records';
import { listed, sampleExperiment, sampleHash, sampleProof, sampleRecord } from '@attune/records/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nudge, sampleTrial, tides } from '../../test/sample.ts';
import type { ResolvedExperiment, TrialPlan } from '../experiment/resolved.ts';
import { attestRecords, ProvedRecords } from './proved-records.ts';
import { standingOf } from './standing.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-proved-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const [first, second] = [1, 2].map((seed) => sampleRecord({ config: { seed }, proof: sampleProof })) as [
  TrialRecord,
  TrialRecord,
];
const experiment = sampleExperiment([listed(first), listed(second)]);
const code = sampleHash('a');
const load = (change: Partial<Parameters<typeof ProvedRecords.load>[0]> = {}) =>
  ProvedRecords.load({ output: folder, code, experiment, ...change });

describe('ProvedRecords', () => {
  it('remembers what was added, in a folder that git leaves out, until code or record change', async () => {
    const proved = await load();
    expect(proved.has(first)).toBe(false);
    proved.add(first);
    await proved.save();
    const again = await load();
    expect([again.has(first), again.has(second)]).toEqual([true, false]);
    expect(again.has({ ...first, hash: second.hash })).toBe(false);
    expect((await load({ code: sampleHash('b') })).has(first)).toBe(false);
    expect(readFileSync(join(folder, '.attune', '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('forgets what another processor or a broken file says', async () => {
    const proved = await load();
    proved.add(first);
    await proved.save();
    const file = join(folder, '.attune', 'proved.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/"processor": ".*"/, '"processor": "an abacus"'));
    expect((await load()).has(first)).toBe(false);
    writeFileSync(file, text.slice(0, -20));
    expect((await load()).has(first)).toBe(false);
  });

  it('believes the file beside the records as long as the experiment lists the same ones', async () => {
    expect(await attestRecords(folder, code, experiment)).toBe(join(folder, 'proved.json'));
    const proved = await load();
    expect([proved.has(first), proved.has(second)]).toEqual([true, true]);
    expect(proved.has({ ...first, hash: sampleHash('0') })).toBe(false);
    expect((await load({ code: sampleHash('b') })).has(first)).toBe(false);
    const changed = sampleExperiment([listed(first), { ...listed(second), hash: sampleHash('0') }]);
    expect((await load({ experiment: changed })).has(first)).toBe(false);
    expect((await load({ experiment: undefined })).has(first)).toBe(false);
  });
});

describe('standingOf', () => {
  const method = nudge as FineTuningMethod;
  const catalog = { methods: [method], tasks: [tides], models: {}, codeDirectories: {} };
  const plan = (task: Task) => ({ task, arm: { label: 'nudge', method, settings: {} } }) as unknown as TrialPlan;

  /** Where the record of a trial lands. */
  async function standing(record: TrialRecord | undefined, task: Task = tides, proved?: ProvedRecords) {
    const trial = sampleTrial();
    const found = standingOf({
      ...{ trials: [trial], catalog, store: { recorded: () => record }, proved: proved ?? (await load()) },
      experiment: { plans: [plan(task)] } as unknown as ResolvedExperiment,
    });
    const place = [found.valid.size, found.toProve.size, found.absent.length].indexOf(1);
    return `${['valid', 'to prove', 'absent'][place]}${found.unproved > 0 ? ', unproved' : ''}`;
  }

  const other = { code: sampleHash('f') };
  it.each([
    ['of this code', sampleRecord({ proof: sampleProof }), 'valid'],
    ['of this code, without a proof', sampleRecord(), 'valid'],
    ['of other code', sampleRecord({ proof: sampleProof, ...other }), 'to prove'],
    ['of other code, without a proof', sampleRecord(other), 'absent, unproved'],
    ['that failed', sampleRecord({ status: 'failed' }), 'absent'],
    ['without data, whatever the code', sampleRecord({ status: 'no-data', ...other }), 'valid'],
    ['that diverged', sampleRecord({ status: 'diverged', proof: sampleProof, ...other }), 'to prove'],
    ['that is not there', undefined, 'absent'],
  ])('a record %s', async (_, record, expected) => expect(await standing(record)).toBe(expected));

  it('a record of a task that the experiment brings is proved every time', async () => {
    const record = sampleRecord({ proof: sampleProof });
    const proved = await load();
    proved.add(record);
    expect(await standing(record, { ...tides }, proved)).toBe('to prove');
  });

  it('a record of other code that was proved holds', async () => {
    const record = sampleRecord({ proof: sampleProof, ...other });
    const proved = await load();
    proved.add(record);
    expect(await standing(record, tides, proved)).toBe('valid');
  });
});
