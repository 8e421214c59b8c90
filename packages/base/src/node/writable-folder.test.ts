import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkWritableFolder, unwritable } from './writable-folder.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-folder-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('makes the folder and leaves nothing in it', async () => {
  await checkWritableFolder('--cache', join(folder, 'a', 'b'));
  await checkWritableFolder('--cache', join(folder, 'a', 'b'));
  expect(readdirSync(join(folder, 'a', 'b'))).toEqual([]);
});

// Neither a file in the way nor /proc is writable for anyone; a folder without permission still is for root.
test.each(['occupied', 'occupied/inside'])('refuses %s where a file is in the way', async (name) => {
  const occupied = join(folder, 'occupied');
  writeFileSync(occupied, '');
  await expect(checkWritableFolder('--cache', join(folder, name))).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringMatching(
      /^--cache: .*occupied\S*: cannot be written: .* \((EEXIST|ENOTDIR)\); make the folder writable or choose another$/,
    ),
  });
});

test.skipIf(process.platform !== 'linux')('refuses /proc, where nothing can be made', async () => {
  await expect(checkWritableFolder('--cache', '/proc/attune')).rejects.toThrow(
    '--cache: /proc/attune: cannot be written',
  );
});

test.each([
  ['EACCES', { reason: 'no permission (EACCES)', advice: 'make the folder writable or choose another' }],
  ['ENOSPC', { reason: 'the disk is full (ENOSPC)', advice: 'free some space' }],
])('explains %s', (code, expected) => {
  expect(unwritable(Object.assign(new Error(code), { code }))).toEqual(expected);
});
