import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openFile, readBytes, readParts } from './open-file.ts';
import { hashFile, readDataFile, readJsonFile, readTextIfThere } from './read-files.ts';

vi.mock('node:fs/promises', { spy: true });

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-open-'));
  writeFileSync(at('file'), 'content');
  symlinkSync('file', at('link'));
  mkdirSync(at('folder'));
  symlinkSync('loop', at('loop'));
  if (process.platform === 'win32') return;
  execFileSync('mkfifo', [at('pipe')]);
  symlinkSync('pipe', at('link-to-pipe'));
  symlinkSync('/dev/zero', at('device'));
});
afterEach(() => {
  vi.mocked(files.stat).mockReset();
  rmSync(folder, { recursive: true });
});

async function collect(path: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of readParts(path)) parts.push(part);
  return Buffer.concat(parts);
}

const readers: readonly [string, (path: string) => Promise<unknown>][] = [
  ['openFile', openFile],
  ['readBytes', readBytes],
  ['readTextIfThere', readTextIfThere],
  ['readParts', collect],
  ['readDataFile', readDataFile],
  ['hashFile', hashFile],
  ['readJsonFile', readJsonFile],
];

it('reads a file, also by a link', async () => {
  for (const name of ['file', 'link']) {
    expect((await readBytes(at(name))).toString()).toBe('content');
    expect((await collect(at(name))).toString()).toBe('content');
  }
  expect(await readTextIfThere(at('none'))).toBeUndefined();
});

describe.skipIf(process.platform === 'win32').each(readers)('%s', (_, read) => {
  it.each([
    ['pipe', 'expected a file, found a pipe'],
    ['link-to-pipe', 'expected a file, found a pipe'],
    ['device', 'expected a file, found a device'],
    ['folder', 'expected a file, found a folder'],
    ['loop', 'ELOOP'],
  ])(
    'refuses a %s at once',
    async (name, message) => {
      await expect(read(at(name))).rejects.toThrow(message);
    },
    2000,
  );
});

it.skipIf(process.platform === 'win32')(
  'refuses a pipe that takes a file’s place before it is opened',
  async () => {
    vi.mocked(files.stat).mockImplementationOnce((async (path: string) => {
      const stats = statSync(path);
      renameSync(at('pipe'), at('file'));
      return stats;
    }) as never);
    await expect(readBytes(at('file'))).rejects.toThrow('expected a file, found a pipe');
  },
  2000,
);
