import { fork, type StdioOptions } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TrialRecord } from '@attune/records';
import { sampleEnvironment, sampleProof, sampleRecord } from '@attune/records/testing';
import { describe, expect, it } from 'vitest';
import { sampleTrial } from '../../test/sample.ts';
import { emptyRecord } from '../trial/empty-record.ts';
import type { Trial } from '../trial/expand-trials.ts';
import type { TrialProgress } from '../trial/run-trial.ts';
import { type PoolCall, runOnWorkers } from './worker-pool.ts';

const script = fileURLToPath(new URL('../../test/fake-worker.js', import.meta.url));

/** The fake worker does what the label of a trial's arm says. */
const trial = (label: string, seed = 1): Trial => ({
  ...sampleTrial({ seed }, label),
  key: `${label}-${seed}`,
});

const provable = { ...sampleRecord(), proof: sampleProof };

async function run(trials: readonly Trial[], change: Partial<PoolCall> = {}) {
  const seen = { records: new Map<string, TrialRecord>(), progress: [] as TrialProgress[], forks: 0 };
  await runOnWorkers({
    trials,
    workers: 2,
    setup: {
      file: '',
      options: {},
      catalogUrl: '',
      engine: '',
      device: '',
      threads: 1,
      hoisting: false,
      environment: sampleEnvironment,
    },
    fork: () => {
      seen.forks += 1;
      return fork(script, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    },
    onStart: () => {},
    onProgress: (_trial, progress) => seen.progress.push(progress),
    onRecord: async ({ key }, { record }) => {
      seen.records.set(key, record);
    },
    onDeath: (dead, message) => emptyRecord(dead, { environment: sampleEnvironment, status: 'failed', message }),
    signal: new AbortController().signal,
    ...change,
  });
  return seen;
}

describe('runOnWorkers', () => {
  it('brings a record for every trial, with few workers', async () => {
    const trials = ['a', 'b'].flatMap((label) => [1, 2, 3].map((seed) => trial(label, seed)));
    const { records, progress, forks } = await run(trials);
    expect([...records.keys()].sort()).toEqual(['a-1', 'a-2', 'a-3', 'b-1', 'b-2', 'b-3']);
    expect(forks).toBe(2);
    expect(progress).toContainEqual({ step: 1, totalSteps: 2, loss: 0.5 });
  });

  it('records the trial of a worker that dies as failed, with its last words, and goes on', async () => {
    const { records, forks } = await run([trial('crash'), trial('crash', 2), trial('ok')], { workers: 1 });
    expect(records.get('crash-1')).toMatchObject({
      status: 'failed',
      message: 'the worker process ended (exit code 7): out of ideas',
    });
    expect(records.get('crash-2')?.status).toBe('failed');
    expect(records.get('ok-1')?.message).toBe('done');
    expect(forks).toBe(3);
  });

  it('gives the trial after a failed one a new worker, whatever the old one still holds', async () => {
    const { records, forks } = await run([trial('fail'), trial('ok'), trial('ok', 2)], { workers: 1 });
    expect([...records.values()].map(({ status }) => status)).toEqual(['failed', 'completed', 'completed']);
    expect(forks).toBe(2);
  });

  it('loses no trial to a worker that dies between two', async () => {
    const ended: string[] = [];
    const { forks } = await run([trial('last'), trial('ok'), trial('ok', 2)], {
      workers: 1,
      onRecord: async ({ key }, { record }) => {
        ended.push(`${key} ${record.status}`);
        // Time enough for the process to be gone.
        if (key === 'last-1') await wait(500);
      },
    });
    expect(ended).toEqual(['last-1 completed', 'ok-1 completed', 'ok-2 completed']);
    expect(forks).toBe(2);
  });

  it('records trials as failed whose workers cannot be started', async () => {
    const missing = { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] as StdioOptions, execPath: '/no/such/node' };
    const { records } = await run([trial('a'), trial('b')], { workers: 1, fork: () => fork(script, missing) });
    expect([...records.values()].map(({ status, message }) => `${status}: ${message}`)).toEqual([
      'failed: spawn /no/such/node ENOENT',
      'failed: spawn /no/such/node ENOENT',
    ]);
  });

  it('keeps the last three lines of what a worker said', async () => {
    const { records } = await run([trial('talk')]);
    expect(records.get('talk-1')?.message).toBe('the worker process ended (exit code 1): two; three; four');
  });

  it('starts nothing after an abort', async () => {
    const { records, forks } = await run([trial('a')], { signal: AbortSignal.abort() });
    expect([records.size, forks]).toEqual([0, 0]);
  });

  it('names the signal that killed a worker', async () => {
    const { records } = await run([trial('killed')]);
    expect(records.get('killed-1')?.message).toBe(
      'the worker process ended (signal SIGKILL); out of memory is the usual cause',
    );
  });

  it('stops at once when aborted, without records of what was running', async () => {
    const controller = new AbortController();
    const { records } = await run([trial('hang'), trial('hang', 2), trial('hang', 3)], {
      signal: controller.signal,
      onStart: () => setTimeout(() => controller.abort(), 100),
    });
    expect(records.size).toBe(0);
  });

  it('rejects when a record cannot be written, and lets nothing run on', async () => {
    const call = run([trial('a'), trial('hang')], { onRecord: () => Promise.reject(new Error('disk full')) });
    await expect(call).rejects.toThrow('disk full');
  });

  it('proves records instead of running their trials, and runs those that differ', async () => {
    const compared: string[] = [];
    const proving: PoolCall['proving'] = {
      recordOf: ({ arm }) => (arm === 'new' ? undefined : provable),
      onProved: ({ key }, { differences }) => {
        compared.push(`${key}: ${differences.join()}`);
        return differences.length === 0;
      },
    };
    const doing: string[] = [];
    const { records } = await run([trial('same'), trial('differs'), trial('new')], {
      proving,
      workers: 1,
      onStart: ({ arm }, what) => doing.push(`${what} ${arm}`),
    });
    expect(compared).toEqual(['same-1: ', 'differs-1: the training step differs']);
    expect(doing).toEqual(['prove same', 'prove differs', 'train differs', 'train new']);
    expect([...records.keys()]).toEqual(['differs-1', 'new-1']);
  });

  it('runs the trial whose worker dies at proving in another worker', async () => {
    const compared: string[] = [];
    const proving: PoolCall['proving'] = {
      recordOf: () => provable,
      onProved: (_trial, { differences }) => {
        compared.push(...differences);
        return false;
      },
    };
    const { records, forks } = await run([trial('crash')], { proving });
    expect(compared).toEqual(['it cannot be proved (the worker process ended (exit code 7): out of ideas)']);
    expect(records.get('crash-1')?.status).toBe('failed');
    expect(forks).toBe(2);
  });

  it('rejects when workers cannot be set up', async () => {
    await expect(run([trial('unusable')])).rejects.toThrow('no such engine');
  });
});
