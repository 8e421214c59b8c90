import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseExperimentRecord } from '@attune/records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attune, readAllRecords, spawnAttune } from '../test/attune.ts';
import { tinyWorld, writeExperiment } from '../test/tiny-world.ts';

let world: Awaited<ReturnType<typeof tinyWorld>>;
let experiment: string;
const out = (name: string) => join(world.folder, name);
beforeAll(async () => {
  world = await tinyWorld();
  experiment = writeExperiment(world.folder);
});
afterAll(() => world.remove());

const start = (name: string, ...options: string[]) =>
  spawnAttune(['run', experiment, '--out', out(name), '--workers', '1', '--threads', '1', ...options]);
const claimsOf = (name: string) => {
  const folder = join(out(name), 'records', '.claims');
  return existsSync(folder) ? readdirSync(folder).filter((file) => /^[0-9a-f]{64}$/.test(file)) : [];
};
const hasClaim = async (name: string) => {
  while (claimsOf(name).length === 0) await setTimeout(10);
};
const byOthers = (stdout: string) => Number(/(\d+) trials? run by another process/.exec(stdout)?.[1] ?? 0);
const listing = (name: string) => {
  const read = parseExperimentRecord(readFileSync(join(out(name), 'experiment.json'), 'utf8'));
  if ('value' in read) return read.value;
  throw new Error(read.problems.join());
};
/** Nothing hidden or half-written is left in an output folder. */
const leftovers = (name: string) =>
  readdirSync(out(name), { recursive: true, encoding: 'utf8' }).filter((file) => /(^|\/)\.|partial/.test(file));

describe('two processes on one experiment', () => {
  it('divide its trials, and each one ends with a report of all', async () => {
    const both = [start('shared'), start('shared')];
    const ended = await Promise.all(both.map(({ finished }) => finished));
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect(ended.map(({ stdout }) => byOthers(stdout)).reduce((sum, count) => sum + count)).toBe(8);
    for (const { stdout } of ended) expect(stdout).not.toContain('not run yet');
    const records = readAllRecords(out('shared'));
    expect(records.size).toBe(8);
    expect(new Set(listing('shared').trials.map(({ hash }) => hash))).toEqual(
      new Set([...records.values()].map(({ hash }) => hash)),
    );
    expect(leftovers('shared')).toEqual([]);
  }, 240_000);

  it('keep what the other lists where each runs a part', async () => {
    const parts = [start('parts', '--seeds', '1'), start('parts', '--seeds', '2', '--tasks', 'boolq')];
    const ended = await Promise.all(parts.map(({ finished }) => finished));
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    const { trials } = listing('parts');
    expect(trials.map(({ task, seed }) => `${task} ${seed}`).sort()).toEqual([
      ...['boolq 1', 'boolq 1', 'boolq 2', 'boolq 2', 'copa 1', 'copa 1'],
    ]);
    expect(trials.every(({ hash }) => hash !== null)).toBe(true);
    expect((await attune(['verify', out('parts')])).code).toBe(0);
  }, 240_000);

  it('take over what a killed one was at', async () => {
    const killed = start('killed');
    await hasClaim('killed');
    const other = start('killed');
    await setTimeout(200);
    killed.child.kill('SIGKILL');
    await killed.finished;
    // What a writer leaves that is killed in the middle.
    writeFileSync(join(out('killed'), 'records', 'any.json.0123456789ab.partial'), '{');
    expect(claimsOf('killed')).not.toEqual([]);
    const { code, stderr } = await other.finished;
    expect([code, stderr]).toEqual([0, '']);
    expect(readAllRecords(out('killed')).size).toBe(8);
    expect(leftovers('killed')).toEqual([]);
  }, 240_000);

  it.each<[NodeJS.Signals, number]>([
    ['SIGINT', 1],
    ['SIGTERM', 1],
    ['SIGTERM', 2],
  ])(
    'leave no claim after %s, given %d times',
    async (signal, times) => {
      const { child, finished } = start('stopped');
      await hasClaim('stopped');
      for (let sent = 0; sent < times; sent += 1) child.kill(signal);
      expect((await finished).code).toBe(130);
      expect(leftovers('stopped')).toEqual([]);
      rmSync(out('stopped'), { recursive: true });
    },
    240_000,
  );
});

describe('a run whose output folder goes away', () => {
  it('writes the records that it made again', async () => {
    const { finished } = start('removed');
    mkdirSync(join(out('removed'), 'records'), { recursive: true });
    while (readdirSync(join(out('removed'), 'records')).filter((name) => name.endsWith('.json')).length < 2) {
      await setTimeout(10);
    }
    rmSync(out('removed'), { recursive: true, force: true });
    const { code, stderr } = await finished;
    expect([code, stderr]).toEqual([0, '']);
    expect(readAllRecords(out('removed')).size).toBe(8);
    expect(listing('removed').trials.map(({ hash }) => hash)).not.toContain(null);
    expect((await attune(['verify', out('removed')])).code).toBe(0);
  }, 240_000);
});

describe('a signal before the first trial', () => {
  it.each<[NodeJS.Signals, number]>([
    ['SIGTERM', 150],
    ['SIGINT', 800],
    ['SIGTERM', 2000],
    ['SIGTERM', 3500],
  ])(
    '%s after %d ms ends the command at once and leaves nothing',
    async (signal, afterMs) => {
      const { child, finished } = start('early');
      await setTimeout(afterMs);
      const sent = performance.now();
      child.kill(signal);
      const { code } = await finished;
      // Null: the system ended it before Node had begun.
      expect([130, null]).toContain(code);
      expect(performance.now() - sent).toBeLessThan(20_000);
      if (existsSync(out('early'))) expect(leftovers('early')).toEqual([]);
    },
    240_000,
  );
});
