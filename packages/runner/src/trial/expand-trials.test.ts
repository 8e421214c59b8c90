import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trialConfigSchema } from '@attune/records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleCatalog, sampleDefinition, sampleFolder } from '../../test/sample.ts';
import { resolveExperiment } from '../experiment/resolve-experiment.ts';
import { expandTrials } from './expand-trials.ts';

let folder: string;
beforeAll(() => {
  folder = sampleFolder();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function expand(device = 'cpu', change: object = {}, libraries: Record<string, string> = { ort: '1' }) {
  const catalog = sampleCatalog(folder);
  const experiment = await resolveExperiment({
    definition: { ...sampleDefinition, ...change },
    file: 'x',
    baseDirectory: folder,
    catalog,
  });
  return expandTrials(experiment, { engine: { name: 'onnx', device }, libraries, code: 'c'.repeat(64) });
}

const keysOf = async (task: string) =>
  (await expand()).filter(({ config }) => config.task.name === task).map(({ key }) => key);

describe('expandTrials', () => {
  it('gives each trial a valid configuration and its own key, the same every time', async () => {
    const trials = await expand();
    for (const { config } of trials) expect(trialConfigSchema.parse(config)).toEqual(config);
    expect(new Set(trials.map(({ key }) => key)).size).toBe(8);
    expect(await expand()).toEqual(trials);
  });

  it('keys follow the bytes of the data of their task, absent files included', async () => {
    const [tides, winds] = [await keysOf('tides'), await keysOf('winds')];
    writeFileSync(join(folder, 'data', 'Tides', 'val.jsonl'), '{"changed": true}\n');
    const changed = await keysOf('tides');
    rmSync(join(folder, 'data', 'Tides', 'val.jsonl'));
    const absent = await keysOf('tides');
    expect(new Set([...tides, ...changed, ...absent]).size).toBe(12);
    expect(await keysOf('winds')).toEqual(winds);
  });

  it('hashes the rows that an arm has for a seed', async () => {
    const arms = [{ method: 'nudge', data: { splits: { select: 'dev-{seed}' } } }];
    writeFileSync(join(folder, 'data', 'Tides', 'dev-1.jsonl'), '{ }\n');
    writeFileSync(join(folder, 'data', 'Tides', 'dev-2.jsonl'), '{}\n');
    const [first, second] = await expand('cpu', { arms, tasks: ['tides'] });
    expect([first!, second!].map(({ config }) => config.data.selectionSplit)).toEqual(['dev-1', 'dev-2']);
    expect(first!.config.data.hash).not.toBe(second!.config.data.hash);
  });

  it('keys follow the libraries, and not labels, titles, other seeds or the code', async () => {
    const keys = (trials: Awaited<ReturnType<typeof expand>>) => trials.map(({ key }) => key);
    const before = await expand();
    const arms = [
      { method: 'nudge', label: 'shove' },
      { method: 'zero-shot', label: 'nothing' },
    ];
    const renamed = await expand('cpu', { arms, title: 'Another', seeds: [1, 2] });
    expect(keys(renamed)).toEqual(keys(before));
    expect(renamed.map(({ arm }) => arm)).toEqual([
      'shove',
      'shove',
      'nothing',
      'nothing',
      'shove',
      'shove',
      'nothing',
      'nothing',
    ]);
    const more = keys(await expand('cpu', { seeds: [2, 1, 3] }));
    expect(keys(before).every((key) => more.includes(key))).toBe(true);
    const updated = keys(await expand('cpu', {}, { ort: '2' }));
    expect(updated.filter((key) => keys(before).includes(key))).toEqual([]);
  });

  it('gives two arms with the same configuration one key', async () => {
    const arms = [{ method: 'nudge' }, { method: 'nudge', label: 'twin' }];
    const [first, twin] = await expand('cpu', { arms, tasks: ['tides'], seeds: [1] });
    expect([twin!.key, twin!.config]).toEqual([first!.key, first!.config]);
    expect([first!.arm, twin!.arm]).toEqual(['nudge', 'twin']);
  });

  it('keys follow the device', async () => {
    const [cpu, cuda] = [await expand('cpu'), await expand('cuda')];
    expect(new Set([...cpu, ...cuda].map(({ key }) => key)).size).toBe(16);
    expect(cuda[0]!.config.engine).toEqual({ name: 'onnx', device: 'cuda' });
  });

  it('keys follow the bytes of the checkpoint', async () => {
    const before = await keysOf('winds');
    writeFileSync(join(folder, 'model', 'model.safetensors'), 'other weights');
    expect(new Set([...before, ...(await keysOf('winds'))]).size).toBe(8);
  });
});
