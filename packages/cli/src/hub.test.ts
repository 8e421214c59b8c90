import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { type HubServer, hubServer } from '@attune/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { attune, readAllRecords } from '../test/attune.ts';
import { tinyWorld, writeExperiment } from '../test/tiny-world.ts';

const repo = 'someone/tiny-bert';
const commit = 'c0ffee'.padEnd(40, '0');
const experiment = {
  models: [{ name: 'tiny', directory: repo }],
  tasks: ['boolq'],
  arms: [{ method: 'lora' }],
  seeds: [1],
};

let world: Awaited<ReturnType<typeof tinyWorld>>;
let server: HubServer;
const out = (name: string) => join(world.folder, name);

beforeAll(async () => {
  world = await tinyWorld();
  const original = join(world.folder, 'original');
  renameSync(join(world.folder, 'model'), original);
  const files = new Map(readdirSync(original).map((name) => [name, readFileSync(join(original, name))]));
  server = await hubServer({ repo, commit, files, large: ['model.safetensors'] });
  vi.stubEnv('HF_ENDPOINT', server.endpoint);
  vi.stubEnv('HF_HUB_CACHE', join(world.folder, 'cache'));
  vi.stubEnv('HF_HUB_OFFLINE', '0');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
  world.remove();
});

describe('a model of the hub', () => {
  it('is costed by its configuration alone', async () => {
    const { code, stdout } = await attune(['cost', '--model', repo, '--batch', '2', '--length', '16']);
    expect(code).toBe(0);
    expect(stdout).toContain('full-fine-tuning');
    expect(server.requests.some((line) => line.includes('model.safetensors'))).toBe(false);
  });

  it('runs where a directory does, told in record and report, and then without a connection', async () => {
    const file = writeExperiment(world.folder, experiment);
    const args = ['run', file, '--out', out('hub'), '--max-steps', '40', '--save-weights'];
    const { code, stderr } = await attune(args);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('model.safetensors: downloaded, ');
    const [record] = [...readAllRecords(out('hub')).values()];
    expect(record!.status).toBe('completed');
    expect(record!.config.model.hub).toEqual({ repo, commit });
    expect(readFileSync(join(out('hub'), 'report.md'), 'utf8')).toContain(`${repo} at commit ${commit}, sha256 `);
    const requests = server.requests.length;
    expect(await attune([...args, '--offline', '--fresh'])).toMatchObject({ code: 0 });
    expect(server.requests.length).toBe(requests);
  }, 60_000);

  it('may be a plain string among the models, and has the name of its repository', async () => {
    const file = writeExperiment(world.folder, { ...experiment, models: [repo] }, 'plain');
    const { code, stderr } = await attune(['run', file, '--out', out('plain'), '--max-steps', '40']);
    expect(code, stderr).toBe(0);
    const [record] = [...readAllRecords(out('plain')).values()];
    expect(record!.config.model).toMatchObject({ name: 'tiny-bert', hub: { repo, commit } });
  }, 60_000);

  it('is what an exported adapter names as its base, pinned', async () => {
    const [name] = [...readAllRecords(out('hub')).keys()];
    const record = join(out('hub'), 'records', name!);
    const { code, stderr } = await attune(['export', record, '--format', 'peft', '--out', out('adapter')]);
    expect(code, stderr).toBe(0);
    const config = JSON.parse(readFileSync(join(out('adapter'), 'adapter_config.json'), 'utf8'));
    expect(config).toMatchObject({ base_model_name_or_path: repo, revision: commit });
    const card = readFileSync(join(out('adapter'), 'README.md'), 'utf8');
    expect(card).toContain(`base_model: ${repo}\n`);
    expect(card).toContain(`base = "${repo}"`);
  });

  it('that is not there is a mistake like a folder that is not', async () => {
    vi.stubEnv('HF_HUB_OFFLINE', '0');
    const models = [{ name: 'tiny', directory: 'someone/other' }];
    const { code, stderr } = await attune(['run', writeExperiment(world.folder, { ...experiment, models }, 'other')]);
    expect(code).toBe(2);
    expect(stderr).toContain(
      `other: no such folder; as an id of the hub: someone/other@main on ${server.endpoint}: the hub answered 404: there`,
    );
  });
});
