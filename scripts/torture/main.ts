import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomSource } from '@attune/base';
import { type Arguments, runToEnd, smallRun } from './attune-process.ts';
import { fillDisks, memoryDisk, smallFiles } from './full-disks.ts';
import { killRuns } from './kills.ts';

/**
 * Disturbs runs and fails when one ends in other files than a run that nothing disturbed: but for times, memory and the
 * machine, byte by byte, and nothing left behind.
 *
 *     node --conditions=attune-source --import tsx scripts/torture/main.ts [--kills 50] [--disks 20] [--seed 1] [-- <experiment> <options>]
 *
 * Kills are SIGKILL at random moments. Disks are in memory and fill up at a random byte, which takes the right to mount;
 * without it no file may be larger than a random number of KiB.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '50' },
    disks: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});

async function main(args: Arguments, folder: string): Promise<boolean> {
  const random = randomSource(Number(values.seed));
  const undisturbed = join(folder, 'undisturbed');
  const tell = (line: string) => console.log(line);
  const started = performance.now();
  await runToEnd(args, undisturbed);
  const durationMs = performance.now() - started;
  tell(`undisturbed: ${(durationMs / 1000).toFixed(1)} s`);
  const kills = {
    args,
    undisturbed,
    folder,
    kills: Number(values.kills),
    random: random.fork('kills'),
    durationMs,
    tell,
  };
  const killed = await killRuns(kills);
  const filled = await fillDisks({
    ...{ args, undisturbed, disks: Number(values.disks), random: random.fork('disks'), bytes: [4096, 200_000], tell },
    makeDisk: (index, bytes) => {
      const at = join(folder, `disk-${index}`);
      return memoryDisk(at, bytes) ?? smallFiles(at, bytes / 4);
    },
  });
  tell(`${killed.kills} kills: ${killed.differing.length} differences`);
  tell(`${values.disks} disks, ${filled.stopped} runs stopped: ${filled.differing.length} differences`);
  for (const line of [...killed.differing, ...filled.differing]) tell(`  ${line}`);
  return killed.differing.length + filled.differing.length === 0;
}

const folder = mkdtempSync(join(tmpdir(), 'attune-torture-'));
try {
  process.exitCode = (await main(positionals.length > 0 ? positionals : smallRun, folder)) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
