import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../bin/attune.js', import.meta.url));

/** Every write to it fails as on a full disk. */
const full = '/dev/full';

it.skipIf(!existsSync(full))('says that its output does not fit, and ends with a code for it', () => {
  const log = openSync(full, 'w');
  const { status, stderr } = spawnSync(process.execPath, [bin, 'list', 'tasks'], {
    stdio: ['ignore', log, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(log);
  expect([status, stderr]).toEqual([2, 'standard output: cannot be written: ENOSPC: no space left on device, write\n']);
});
