import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadExperiment } from './load-experiment.ts';

const catalog = { methods: [], tasks: [], models: {}, codeDirectories: {} };

it('names the file that throws when it is loaded, and what it threw', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'attune-load-'));
  const file = join(folder, 'broken.mjs');
  writeFileSync(file, "throw new TypeError('no such rank');\n");
  await expect(loadExperiment({ file, options: {} }, catalog)).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringMatching(/broken\.mjs: cannot be loaded as an experiment: no such rank$/),
  });
  rmSync(folder, { recursive: true });
});

it('refuses a module without a default export', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'attune-load-'));
  const file = join(folder, 'named.mjs');
  writeFileSync(file, 'export const experiment = {};\n');
  await expect(loadExperiment({ file, options: {} }, catalog)).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringMatching(
      /named\.mjs: expected a default export made with defineExperiment\(\.\.\.\), found none$/,
    ),
  });
  rmSync(folder, { recursive: true });
});

it('says that a .json file is not JSON, or that there is none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'attune-load-'));
  writeFileSync(join(folder, 'broken.json'), '{');
  const messageOf = (name: string) => loadExperiment({ file: join(folder, name), options: {} }, catalog).catch(String);
  expect(await messageOf('broken.json')).toMatch(/^ConfigError: .*broken\.json: not JSON: /);
  expect(await messageOf('absent.json')).toMatch(/^ConfigError: .*absent\.json: no such experiment file; "attune list/);
  rmSync(folder, { recursive: true });
});
