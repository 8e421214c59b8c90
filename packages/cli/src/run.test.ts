import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readLosses } from '@attune/runner/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attune, readAllRecords, spawnAttune, timeless } from '../test/attune.ts';
import { tinyWorld, writeExperiment } from '../test/tiny-world.ts';

let world: Awaited<ReturnType<typeof tinyWorld>>;
let experiment: string;
const out = (name: string) => join(world.folder, name);

beforeAll(async () => {
  world = await tinyWorld();
  experiment = writeExperiment(world.folder);
  // The run that the others are compared with, in two workers.
  const { code, stdout, stderr } = await spawnAttune(['run', experiment, '--out', out('whole'), '--workers', '2'])
    .finished;
  expect(stderr).toBe('');
  expect(code, stdout).toBe(0);
}, 60_000);
afterAll(() => world.remove());

const files = (folder: string) =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [file, readFileSync(file, 'utf8')]),
  );

/** Content and time of every file. */
const states = (folder: string) =>
  new Map([...files(folder)].map(([file, text]) => [file, [statSync(file).mtimeMs, text]]));

const recordCount = (folder: string) =>
  existsSync(join(folder, 'records'))
    ? readdirSync(join(folder, 'records')).filter((name) => name.endsWith('.json')).length
    : 0;

async function untilRecords(folder: string, count: number): Promise<void> {
  while (recordCount(folder) < count) await setTimeout(20);
}

/** Records of two output folders say the same. */
function expectSameRecords(actual: string, expected: string): void {
  const [given, wanted] = [readAllRecords(actual), readAllRecords(expected)];
  expect([...given.keys()]).toEqual([...wanted.keys()]);
  for (const [name, record] of given) expect(timeless(record)).toEqual(timeless(wanted.get(name)!));
}

describe('attune run', () => {
  it('writes a record per trial and the report', () => {
    const records = [...readAllRecords(out('whole')).values()];
    expect(records.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'completed'));
    // Each trains otherwise, whatever it keeps.
    expect(new Set(records.map(({ lossesHash }) => lossesHash)).size).toBe(8);
    const names = readdirSync(out('whole')).sort();
    expect(names).toEqual([
      ...['experiment.json', 'figures', 'losses', 'predictions', 'records', 'report.html', 'report.md', 'results.csv'],
    ]);
    expect(readdirSync(join(out('whole'), 'predictions'))).toHaveLength(8);
    const rows = readFileSync(join(out('whole'), 'results.csv'), 'utf8')
      .trim()
      .split('\n');
    expect(rows[0]?.trim()).toBe(
      'experiment,model,method,formulation,task,regime,seed,split,metric,score,chance,majority,trainable_parameters,total_parameters,flops,train_ms,peak_memory_bytes,adapter_bytes,status',
    );
    expect(rows.length).toBeGreaterThan(8);
  });

  it('puts reports into the working directory, where they are found again from anywhere', async () => {
    const change = { name: 'here', tasks: ['boolq'], arms: [{ method: 'zero-shot' }], seeds: [1] };
    writeExperiment(world.folder, change, 'here');
    const { code, stdout, stderr } = await spawnAttune(['run', 'here.json'], { cwd: world.folder }).finished;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Report: reports\/here\/report\.html$/m);
    expect(readAllRecords(out('reports/here')).size).toBe(1);
    expect((await attune(['verify', out('reports/here')])).stdout).toMatch(/all 1 records are what was written/);
  }, 60_000);

  it('keeps the loss of every step, of which the curve has the means, and scores the model before its first step', async () => {
    for (const record of readAllRecords(out('whole')).values()) {
      const losses = (await readLosses(out('whole'), record))!;
      expect(losses).toHaveLength(record.counts.steps);
      const [start, first] = record.learningCurve;
      expect(start).toEqual({ step: 0, epoch: 0, trainLoss: null, selectionScore: expect.any(Number) });
      const mean = losses.slice(0, first!.step).reduce<number>((sum, loss) => sum + loss!, 0) / first!.step;
      expect(first!.trainLoss).toBeCloseTo(mean, 7);
    }
  });

  it('runs nothing when everything has a record, and gives the same bytes', async () => {
    const before = files(out('whole'));
    const { code, stdout } = await attune(['run', experiment, '--out', out('whole')]);
    expect(code).toBe(0);
    expect(stdout).toContain('8 trials, 8 of them recorded already');
    expect(stdout).toMatch(/full-fine-tuning .*\d\*/);
    expect(stdout).toMatch(/Report: .*whole\/report\.html/);
    expect(files(out('whole'))).toEqual(before);
  });

  it('goes on after being killed, with one worker, and ends with the same records', async () => {
    const { child, finished } = spawnAttune(['run', experiment, '--out', out('killed'), '--workers', '2']);
    await untilRecords(out('killed'), 2);
    child.kill('SIGKILL');
    await finished;
    const before = files(join(out('killed'), 'records'));
    expect(readAllRecords(out('killed')).size).toBeLessThan(8);
    const { code } = await attune(['run', experiment, '--out', out('killed'), '--workers', '1']);
    expect(code).toBe(0);
    expectSameRecords(out('killed'), out('whole'));
    const after = files(join(out('killed'), 'records'));
    for (const [file, text] of before) if (file.endsWith('.json')) expect(after.get(file)).toBe(text);
  }, 60_000);

  it('runs everything again when asked for a fresh run, and writes nothing where results are equal', async () => {
    const before = states(out('whole'));
    const { code, stdout } = await attune(['run', experiment, '--out', out('whole'), '--fresh']);
    expect(code).toBe(0);
    expect(stdout).toContain('8 trials, 0 of them recorded already');
    expectSameRecords(out('whole'), out('killed'));
    expect(states(out('whole'))).toEqual(before);
  }, 60_000);

  it('keeps the whole report when a part of the experiment is run, and renders what was written anew', async () => {
    const before = readAllRecords(out('whole'));
    const part = ['--tasks', 'copa', '--methods', 'lora', '--seeds', '2'];
    const { code, stdout } = await attune(['run', experiment, '--out', out('whole'), ...part, '--rewrite']);
    expect(code).toBe(0);
    expect(stdout).toContain('1 trial, 0 of them recorded already');
    const after = readAllRecords(out('whole'));
    const changed = [...after].filter(([name, record]) => record.hash !== before.get(name)?.hash);
    expect(changed.map(([name]) => name)).toEqual([expect.stringMatching(/^copa--lora--tiny--s2--/)]);
    expectSameRecords(out('whole'), out('killed'));
    const rows = readFileSync(join(out('whole'), 'results.csv'), 'utf8')
      .trim()
      .split('\n');
    const trials = new Set(
      rows.slice(1).map((row) =>
        row
          .split(',')
          .filter((_, at) => [2, 4, 6].includes(at))
          .join(),
      ),
    );
    expect(trials.size).toBe(8);
    expect(readFileSync(join(out('whole'), 'report.md'), 'utf8')).toMatch(
      /npx attune run \S+tiny\.json --out \S+whole\n/,
    );
  }, 60_000);

  it('trains nothing for another label, title or folder of the same data', async () => {
    const before = states(out('whole'));
    cpSync(join(world.folder, 'data'), out('moved'), { recursive: true });
    expect(await attune(['run', experiment, '--out', out('whole'), '--data', out('moved')])).toMatchObject({ code: 0 });
    expect(states(out('whole'))).toEqual(before);
    const arms = [
      { method: 'full-fine-tuning', label: 'all' },
      { method: 'lora', settings: { rank: 2 }, label: 'low-rank' },
    ];
    const renamed = writeExperiment(world.folder, { arms, title: 'Renamed' });
    const { stdout } = await attune(['run', renamed, '--out', out('whole')]);
    writeExperiment(world.folder);
    expect(stdout).toContain('8 trials, 8 of them recorded already');
    const records = (files: ReturnType<typeof states>) => [...files].filter(([name]) => name.includes('/records/'));
    expect(records(states(out('whole')))).toEqual(records(before));
    expect(readFileSync(join(out('whole'), 'report.md'), 'utf8')).toMatch(/^# Renamed\n[\s\S]*\| low-rank \|/);
  }, 60_000);

  it('refuses an edited score, and replaces it in a fresh run of its trial', async () => {
    cpSync(out('killed'), out('edited'), { recursive: true });
    const [name] = [...readAllRecords(out('edited')).keys()].filter((each) => each.startsWith('boolq--lora--tiny--s1'));
    const file = join(out('edited'), 'records', name!);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"accuracy": [\d.]+/, '"accuracy": 0.999'));
    const advice = '--tasks boolq --methods lora --models tiny --seeds 1 --fresh';
    const refused = await attune(['run', experiment, '--out', out('edited')]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      new RegExp(`${name}: its content is not what its hash says: it was changed by hand\n`),
    );
    expect(refused.stderr).toContain(advice);
    expect((await attune(['report', out('edited')])).stderr).toContain(
      `${name}: its content is not what its hash says`,
    );
    rmSync(join(out('edited'), 'predictions'), { recursive: true });
    const again = await attune(['run', experiment, '--out', out('edited'), ...advice.split(' ')]);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expectSameRecords(out('edited'), out('killed'));
  }, 60_000);

  it('stops on Ctrl-C with exit code 130 and says how to go on', async () => {
    const { child, finished } = spawnAttune(['run', experiment, '--out', out('stopped'), '--workers', '1']);
    await untilRecords(out('stopped'), 1);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await finished;
    expect(code).toBe(130);
    expect(stderr).toBe('\nStopping; press Ctrl-C again to stop at once.\n');
    expect(stdout).toMatch(
      /Stopped; \d of 8 trials are recorded in .*stopped\.\nTo go on, run the same command again:/,
    );
    expect(stdout).toMatch(/ {2}npx attune run \S*tiny\.json --out \S*stopped\n/);
    expect(readAllRecords(out('stopped')).size).toBeLessThan(8);
  }, 60_000);

  it('shows a diverged and an absent split, and says so by its exit code', async () => {
    const file = writeExperiment(
      world.folder,
      {
        tasks: ['boolq', 'wsc'],
        arms: [{ method: 'full-fine-tuning', training: { learningRate: 1e30 } }, { method: 'zero-shot' }],
        data: { directory: 'data', regime: 'tiny', splits: { train: 'train', select: 'dev', report: 'val' } },
        seeds: [1],
      },
      'uneven',
    );
    const { code, stdout } = await attune(['run', file, '--out', out('uneven'), '--tasks', 'boolq']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/full-fine-tuning · boolq · tiny · seed 1: diverged: a loss or an output was not finite/);
    const statuses = [...readAllRecords(out('uneven')).values()].map(({ status }) => status);
    expect(statuses).toEqual(['diverged', 'completed']);
  }, 60_000);
});
