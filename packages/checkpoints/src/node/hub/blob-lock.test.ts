import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withLock } from './blob-lock.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-lock-'));
  path = join(folder, '.locks', 'models--someone--tiny', 'abc.attune.lock');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const nobodyWaits = () => expect.unreachable();
const here = async () => withLock(path, nobodyWaits, async () => JSON.parse(readFileSync(path, 'utf8')));

/** A lock that another process left. */
async function leave(change: object): Promise<string> {
  const holder = { ...(await here()), ...change };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(holder));
  return JSON.stringify(holder);
}

/** The number of a process that has ended. */
const ended = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('withLock', () => {
  it('lets one run after the other, tells who is waited for, and leaves no lock', async () => {
    const order: string[] = [];
    const waits = new Set<string>();
    const runs = ['a', 'b', 'c'].map((name) =>
      withLock(
        path,
        (holder) => waits.add(holder),
        async () => {
          order.push(`${name} begins`);
          await setTimeout(20);
          order.push(`${name} ends`);
          return name;
        },
      ),
    );
    expect(await Promise.all(runs)).toEqual(['a', 'b', 'c']);
    for (let index = 0; index < order.length; index += 2) {
      expect(order[index + 1]).toBe(order[index]!.replace('begins', 'ends'));
    }
    expect([...waits]).toEqual([`process ${process.pid} on ${hostname()}`]);
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  it('is given back after an error', async () => {
    await expect(withLock(path, nobodyWaits, () => Promise.reject(new Error('full')))).rejects.toThrow('full');
    expect(existsSync(path)).toBe(false);
  });

  it('is taken over from a process that ended', async () => {
    await leave({ pid: ended() });
    expect(await withLock(path, nobodyWaits, async () => 'mine')).toBe('mine');
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  it.each<[string, object]>([
    ['of another machine', { host: 'elsewhere', pid: 1 }],
    ['of another table of processes', { space: 'pid:[1]', pid: 2 ** 30 }],
  ])('is waited for while a holder %s beats, and taken over when it has gone silent', async (_, change) => {
    await leave(change);
    let waits = 0;
    const start = performance.now();
    let passed = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => start + passed);
    const onWait = () => {
      waits += 1;
      passed += 15_000;
      // Three beats, then none.
      if (waits <= 3) utimesSync(path, new Date(1e12 + waits), new Date(1e12 + waits));
    };
    expect(await withLock(path, onWait, async () => 'mine')).toBe('mine');
    expect(waits).toBe(5);
  });

  it('is waited for while nothing is known of its holder', async () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    const waits: string[] = [];
    const onWait = (holder: string) => {
      waits.push(holder);
      rmSync(path);
    };
    await withLock(path, onWait, async () => {});
    expect(waits).toEqual(['another process']);
  });

  it('keeps a lock that another took over', async () => {
    const other = JSON.stringify({ host: 'elsewhere' });
    await withLock(path, nobodyWaits, async () => writeFileSync(path, other));
    expect(readFileSync(path, 'utf8')).toBe(other);
  });

  it('says where it cannot be written', async () => {
    writeFileSync(join(folder, '.locks'), '');
    await expect(withLock(path, nobodyWaits, async () => {})).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(
        /abc\.attune\.lock: cannot be written: ENOTDIR.*; make room, or name another folder/,
      ),
    });
  });
});
