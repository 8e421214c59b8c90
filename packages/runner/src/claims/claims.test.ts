import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Claims } from './claims.ts';
import { ownerText, readOwner, thisOwner } from './owner.ts';
import { type ClaimTiming, Watch } from './watch.ts';

vi.mock('node:fs', { spy: true });

let folder: string;
let opened: Claims[];
const at = (...names: string[]) => join(folder, '.claims', ...names);
const timing = { beatEveryMs: 20, goneAfterMs: 500, lookEveryMs: 20 };
const open = (given: ClaimTiming = timing) => {
  const claims = new Claims(at(), given);
  opened.push(claims);
  return claims;
};
/** A claim of a process that never says anything again. */
const leftBehind = (owner = { ...thisOwner(), host: 'elsewhere' }, file = 'a') => {
  mkdirSync(at(), { recursive: true });
  writeFileSync(at(file), ownerText(owner));
  return owner;
};
const until = async (isSo: () => boolean) => {
  while (!isSo()) await setTimeout(timing.lookEveryMs);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-claims-'));
  opened = [];
});
afterEach(() => {
  for (const claims of opened) claims.close();
  vi.mocked(fs.linkSync).mockReset();
  rmSync(folder, { recursive: true });
});

describe('Claims', () => {
  it('gives a claim to one of two, and to the other when it ends', () => {
    const [first, second] = [open(), open()];
    expect([first.take('a'), second.take('a'), first.take('a'), second.take('b')]).toEqual([true, false, false, true]);
    first.release('a');
    expect([second.take('a'), first.take('b')]).toEqual([true, false]);
  });

  it('says who holds a claim: host, process and a number of its own', () => {
    open().take('a');
    const { owner } = readOwner(readFileSync(at('a'), 'utf8'));
    expect(owner).toMatchObject({ pid: process.pid });
    expect(owner.id).not.toBe(thisOwner().id);
  });

  it('leaves nothing, and its folder only to others', () => {
    const [first, second] = [open(), open()];
    first.take('a');
    second.take('b');
    first.close();
    expect(readdirSync(at())).toEqual(['b', expect.stringMatching(/^owner\./)]);
    second.close();
    expect(existsSync(at())).toBe(false);
  });

  it('keeps a claim however long it takes, and gives up that of an owner which is silent', async () => {
    const [busy, other] = [open(), open()];
    busy.take('a');
    leftBehind(undefined, 'b');
    const looked = performance.now();
    await until(() => other.take('b'));
    expect(performance.now() - looked).toBeGreaterThan(timing.goneAfterMs / 2);
    expect(other.take('a')).toBe(false);
  });

  it('gives up that of a process of this machine which has ended, at once', async () => {
    leftBehind({ ...thisOwner(), pid: spawnSync(process.execPath, ['--version']).pid });
    expect(open().take('a')).toBe(true);
  });

  it('gives one claim that was left behind to one of many, and takes the whole line away', async () => {
    const dead = leftBehind();
    leftBehind({ ...thisOwner(), host: 'elsewhere' }, `a.${dead.id}`);
    const many = Array.from({ length: 8 }, () => open());
    const holders = new Set<Claims>();
    await until(() => {
      for (const claims of many) if (claims.take('a')) holders.add(claims);
      return holders.size > 0;
    });
    await setTimeout(2 * timing.goneAfterMs);
    for (const claims of many) if (claims.take('a')) holders.add(claims);
    expect(holders.size).toBe(1);
    [...holders][0]!.release('a');
    expect(readdirSync(at()).filter((name) => name.startsWith('a'))).toEqual([]);
  });

  it('leaves the claim alone that another took over while its owner slept', async () => {
    const sleeper = open({ ...timing, beatEveryMs: 1e6 });
    sleeper.take('a');
    const heir = open();
    await until(() => heir.take('a'));
    sleeper.close();
    expect(open().take('a')).toBe(false);
    heir.release('a');
    expect(open().take('a')).toBe(true);
  });

  it('takes away what killed processes left when it closes', async () => {
    const owner = { ...thisOwner(), pid: 2 ** 22 + 1 };
    for (const file of ['a', `owner.${owner.id}`, 'b.no-first-file']) leftBehind(owner, file);
    open().close();
    expect(existsSync(at())).toBe(false);
  });

  it('makes its folder anew where it was removed', () => {
    const claims = open();
    rmSync(at(), { recursive: true });
    expect([claims.take('a'), open().take('a')]).toEqual([true, false]);
  });

  it('goes without hard links where there are none', async () => {
    vi.mocked(fs.linkSync).mockImplementation(() => {
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    });
    const [first, second] = [open(), open()];
    expect([first.take('a'), second.take('a')]).toEqual([true, false]);
    const looked = performance.now();
    while (performance.now() - looked < 3 * timing.goneAfterMs) {
      expect(second.take('a')).toBe(false);
      await setTimeout(timing.lookEveryMs);
    }
    first.release('a');
    expect(second.take('a')).toBe(true);
  });

  it('waits for its turn', async () => {
    const order: string[] = [];
    const step = (name: string) => async () => {
      order.push(`${name} begins`);
      await setTimeout(20);
      order.push(`${name} ends`);
    };
    await Promise.all([open().during('a', step('one')), open().during('a', step('two'))]);
    expect(order).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
  });
});

describe('Watch', () => {
  const here = thisOwner();
  const owner = { ...here, host: 'elsewhere' };

  it('counts its own time alone, and none that it slept through', () => {
    let nowMs = 0;
    const watch = new Watch(here, { beatEveryMs: 5, goneAfterMs: 60, lookEveryMs: 10 }, () => nowMs);
    const looks = (times: number, everyMs: number, beat: string) =>
      Array.from({ length: times }, () => {
        nowMs += everyMs;
        return watch.isGone({ owner, beat });
      });
    expect(looks(7, 10, '1')).toEqual([false, false, false, false, false, false, true]);
    expect(looks(3, 10, '2')).toEqual([false, false, false]);
    // An hour is two looks.
    expect(looks(1, 3_600_000, '2')).toEqual([false]);
  });
});
