import { join } from 'node:path';
import { randomSource } from '@attune/base';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tinyWorld, writeExperiment } from '../../packages/cli/test/tiny-world.ts';
import { type Arguments, runToEnd } from './attune-process.ts';
import { fillDisks, memoryDisk, smallFiles } from './full-disks.ts';
import { killRuns } from './kills.ts';

let world: Awaited<ReturnType<typeof tinyWorld>>;
let args: Arguments;
let durationMs: number;
const at = (name: string) => join(world.folder, name);
const silent = { tell: () => {} };

beforeAll(async () => {
  world = await tinyWorld();
  args = [writeExperiment(world.folder, { tasks: ['boolq'] }), '--threads', '1'];
  const started = performance.now();
  await runToEnd(args, at('undisturbed'));
  durationMs = performance.now() - started;
}, 120_000);
afterAll(() => world.remove());

it('ends with the same files after kills at random moments', async () => {
  const call = { args, undisturbed: at('undisturbed'), folder: world.folder, kills: 3, durationMs, ...silent };
  const { kills, differing } = await killRuns({ ...call, random: randomSource(3) });
  expect(kills).toBeGreaterThanOrEqual(3);
  expect(differing).toEqual([]);
}, 600_000);

it('ends with the same files after its disk was full and is free again', async () => {
  const { stopped, differing } = await fillDisks({
    ...{ args, undisturbed: at('undisturbed'), disks: 1, random: randomSource(1), bytes: [4096, 60_000], ...silent },
    makeDisk: (index, bytes) => memoryDisk(at(`disk-${index}`), bytes) ?? smallFiles(at(`disk-${index}`), bytes / 8),
  });
  expect(stopped).toBe(1);
  expect(differing).toEqual([]);
}, 600_000);

it('ends with the same files after no file could grow', async () => {
  const { stopped, differing } = await fillDisks({
    ...{ args, undisturbed: at('undisturbed'), disks: 1, random: randomSource(2), bytes: [1024, 4096], ...silent },
    makeDisk: (index, bytes) => smallFiles(at(`small-${index}`), bytes),
  });
  expect(stopped).toBe(1);
  expect(differing).toEqual([]);
}, 600_000);
