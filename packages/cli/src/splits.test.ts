import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attune, readAllRecords, spawnAttune } from '../test/attune.ts';
import { tinyData, tinyWorld, writeExperiment } from '../test/tiny-world.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const fewglue = process.env.ATTUNE_FEWGLUE ?? join(repository, '..', 'shared', 'data', 'FewGLUE_32dev');

let world: Awaited<ReturnType<typeof tinyWorld>>;
beforeAll(async () => {
  world = await tinyWorld();
});
afterAll(() => world.remove());

const arms = [{ method: 'zero-shot' }];
const splits = (change: object) => ({
  data: { directory: 'data', ...tinyData, splits: { ...tinyData.splits, ...change } },
});

it('refuses a misspelt split before anything runs, and says which is near', async () => {
  const file = writeExperiment(world.folder, { arms, ...splits({ train: 'training' }) }, 'misspelt');
  const output = join(world.folder, 'misspelt');
  const { code, stderr } = await attune(['run', file, '--out', output]);
  expect(code).toBe(2);
  expect(stderr).toContain(
    '/data/BoolQ: expected training.jsonl, found dev.jsonl, train.jsonl, val.jsonl; did you mean "train"?',
  );
  expect(existsSync(output)).toBe(false);
});

it('runs on folders in another case, with validation for val', { timeout: 60_000 }, async () => {
  const data = join(world.folder, 'data');
  renameSync(join(data, 'COPA'), join(data, 'copa'));
  renameSync(join(data, 'copa', 'val.jsonl'), join(data, 'copa', 'Validation.jsonl'));
  const file = writeExperiment(world.folder, { arms, tasks: ['copa'], seeds: [1] }, 'cases');
  const output = join(world.folder, 'cases');
  const { code, stderr } = await spawnAttune(['run', file, '--out', output, '--workers', '1']).finished;
  expect([code, stderr]).toEqual([0, '']);
  const [record] = readAllRecords(output).values();
  expect(record).toMatchObject({ status: 'completed', counts: { selectionExamples: 6, reportedExamples: 9 } });
});

it.runIf(existsSync(fewglue))("runs README's own example on FewGLUE as it stands", { timeout: 120_000 }, async () => {
  const [, source] =
    /```ts\n(import { lora }[\s\S]*?)```/.exec(readFileSync(join(repository, 'README.md'), 'utf8')) ?? [];
  const home = mkdtempSync(join(tmpdir(), 'attune-readme-'));
  for (const folder of ['experiments', 'models', 'data']) mkdirSync(join(home, folder));
  symlinkSync(join(repository, 'node_modules'), join(home, 'node_modules'));
  symlinkSync(join(repository, 'datasets', 'checkpoints', 'mini-bert'), join(home, 'models', 'my-bert'));
  symlinkSync(fewglue, join(home, 'data', 'FewGLUE_32dev'));
  writeFileSync(join(home, 'package.json'), '{"type": "module"}');
  const file = join(home, 'experiments', 'ranks.ts');
  writeFileSync(file, source!);
  const part = ['--tasks', 'rte', '--methods', 'lora-r2', '--seeds', '1', '--max-steps', '2', '--workers', '1'];
  const { code, stderr } = await spawnAttune(['run', file, '--out', join(home, 'out'), ...part]).finished;
  expect([code, stderr]).toEqual([0, '']);
  const [record] = readAllRecords(join(home, 'out')).values();
  expect(record).toMatchObject({ status: 'completed', counts: { trainExamples: 32, reportedExamples: 277 } });
  rmSync(home, { recursive: true });
});
