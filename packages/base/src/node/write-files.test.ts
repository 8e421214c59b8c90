import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import * as files from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeAtomically, writePartsAtomically } from './write-files.ts';

vi.mock('node:fs/promises', { spy: true });
const actual = await vi.importActual<typeof files>('node:fs/promises');

const old = 'what was there before';
const content = Buffer.alloc(40_008, 7);
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-write-'));
  file = join(folder, 'records.json');
  writeFileSync(file, old);
});
afterEach(() => {
  vi.mocked(files.open).mockReset();
  vi.mocked(files.rename).mockReset();
  rmSync(folder, { recursive: true });
});

const whatIsThere = () => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
const isUntouched = () => expect(whatIsThere()).toEqual([['records.json', old]]);

/** Each file handle, as a test changes it. */
function withHandles(change: (handle: files.FileHandle, path: string) => void): void {
  vi.mocked(files.open).mockImplementation(async (path, ...rest) => {
    const handle = await actual.open(path, ...rest);
    change(handle, String(path));
    return handle;
  });
}

/** A Node process that may write no more than a few KiB to a file: it is given a part of what it writes, then EFBIG. */
function runLimited(code: string) {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const source = JSON.stringify(new URL('write-files.ts', import.meta.url).href);
  const script = `import * as write from ${source};\nconst content = Buffer.alloc(${content.length}, 7);\n${code}`;
  const options = ['--conditions=attune-source', '--import', loader, '--input-type=module', '--eval', script];
  const limited = ['-c', 'ulimit -f 8; exec "$0" "$@"', process.execPath, ...options];
  return spawnSync('sh', limited, { encoding: 'utf8', env: { ...process.env, TARGET: file, TSX_DISABLE_CACHE: '1' } });
}

describe.skipIf(process.platform === 'win32')('where a file may not grow', () => {
  it.each([
    ['in one piece', 'write.writeAtomically(process.env.TARGET, content)'],
    ['in parts', 'write.writePartsAtomically(process.env.TARGET, [content.subarray(0, 3000), content.subarray(3000)])'],
  ])('what was there stays, written %s', (_, call) => {
    const { stdout, stderr } = runLimited(
      `await ${call}.then(() => console.log('written'), ({ message }) => console.log(message));`,
    );
    expect([stdout, stderr]).toEqual([
      `${file}: cannot be written: a file may not be that large here (EFBIG); make the folder writable or choose another\n`,
      '',
    ]);
    isUntouched();
  });
});

describe('writeAtomically', () => {
  it('goes on after a part was taken', async () => {
    withHandles((handle) => {
      const write = handle.write.bind(handle) as (bytes: Uint8Array, from: number, length: number) => Promise<unknown>;
      handle.write = ((bytes: Uint8Array, from: number, length: number) =>
        write(bytes, from, Math.min(length, 4096))) as never;
    });
    await writeAtomically(file, content);
    expect(readFileSync(file)).toEqual(content);
    expect(readdirSync(folder)).toEqual(['records.json']);
  });

  it.each<[string, (handle: files.FileHandle) => void, string]>([
    [
      'takes nothing any more and gives no error',
      (handle) => vi.spyOn(handle, 'write').mockResolvedValue({ bytesWritten: 0, buffer: content } as never),
      'the disk is full (ENOSPC); free some space',
    ],
    [
      'finds out late that it is full',
      (handle) =>
        vi.spyOn(handle, 'sync').mockRejectedValue(Object.assign(new Error('ENOSPC: sync'), { code: 'ENOSPC' })),
      'the disk is full (ENOSPC); free some space',
    ],
    [
      'has less than it took',
      (handle) => vi.spyOn(handle, 'stat').mockResolvedValue({ size: 4096 } as never),
      '40008 bytes were written, the file has 4096; choose another',
    ],
  ])('leaves what was there when the disk %s', async (_, change, reason) => {
    withHandles((handle, path) => (path.endsWith('.partial') ? change(handle) : undefined));
    await expect(writeAtomically(file, content)).rejects.toMatchObject({
      name: 'ConfigError',
      message: `${file}: cannot be written: ${reason}`,
    });
    isUntouched();
  });

  it('has the disk keep the content before the name, and the name before it ends', async () => {
    const order: string[] = [];
    withHandles((handle, path) => {
      const { sync } = handle;
      handle.sync = () => {
        order.push(path === folder ? 'sync folder' : 'sync file');
        return sync.call(handle);
      };
    });
    vi.mocked(files.rename).mockImplementationOnce(async (from, to) => {
      order.push('rename');
      return actual.rename(from, to);
    });
    await writeAtomically(file, 'new');
    expect(order).toEqual(['sync file', 'rename', 'sync folder']);
    expect(readFileSync(file, 'utf8')).toBe('new');
  });

  it('makes folders, several at once', async () => {
    const inside = (name: string) => join(folder, 'a', 'b', name);
    await Promise.all(['one', 'two', 'three'].map((name) => writeAtomically(inside(name), name)));
    expect(readdirSync(join(folder, 'a', 'b')).sort()).toEqual(['one', 'three', 'two']);
  });

  it('writes through a link and keeps permissions', async () => {
    chmodSync(file, 0o640);
    const link = join(folder, 'link');
    symlinkSync('records.json', link);
    await writeAtomically(link, 'new');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['new', 0o640]);
  });

  it('replaces neither a folder nor a device', async () => {
    mkdirSync(join(folder, 'results'));
    await expect(writeAtomically(join(folder, 'results'), 'x')).rejects.toThrow(
      'results: cannot be written: there is a folder of that name; choose another',
    );
    const device = join(folder, 'null');
    symlinkSync('/dev/null', device);
    if (process.platform === 'win32') return;
    await expect(writeAtomically(device, 'x')).rejects.toThrow('there is a device or pipe of that name');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});

describe('writePartsAtomically', () => {
  it('leaves nothing of a process that ends in the middle', () => {
    const { status } = runLimited(
      'await write.writePartsAtomically(process.env.TARGET, (function* () { yield content.subarray(0, 9); process.exit(3); })());',
    );
    expect(status).toBe(3);
    isUntouched();
  });

  it('leaves what was there when a part cannot be made', async () => {
    const parts = function* () {
      yield content;
      throw new Error('no more');
    };
    await expect(writePartsAtomically(file, parts())).rejects.toThrow('records.json: cannot be written: no more');
    isUntouched();
  });
});
