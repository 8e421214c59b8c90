import { randomUUID } from 'node:crypto';
import { link, readlink, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ConfigError } from '@attune/base';
import { makeFolder, readText, unwritable, writeNew } from '@attune/base/node';
import { z } from 'zod';

const beatEveryMs = 2000;
const askEveryMs = 200;
/** A holder that has not been heard of for so long is gone. */
const silenceMs = 20_000;

/** Who holds a lock. */
const holderSchema = z.strictObject({
  host: z.string(),
  /** Where the number of a process means that process: containers may share a host's name. */
  space: z.string(),
  pid: z.int().positive(),
  id: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

/**
 * Runs something while no other process (or call) that locks the same path does. Waits as long as another one holds
 * the lock; a holder that ended without giving it back, or is not heard of any more, loses it.
 *
 * @param path    the lock's file, which is there while it is held
 * @param onWait  told who holds it, again and again while it is waited for
 * @throws ConfigError when the folder cannot be written
 */
export async function withLock<Value>(
  path: string,
  onWait: (holder: string) => void,
  run: () => Promise<Value>,
): Promise<Value> {
  const own: Holder = { host: hostname(), space: await processSpace(), pid: process.pid, id: randomUUID() };
  await acquire(path, own, onWait);
  const beats = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), beatEveryMs).unref();
  try {
    return await run();
  } finally {
    clearInterval(beats);
    if ((await textOf(path)) === JSON.stringify(own)) await rm(path, { force: true }).catch(() => {});
  }
}

async function acquire(path: string, own: Holder, onWait: (holder: string) => void): Promise<void> {
  let [seen, since] = ['', performance.now()];
  while (!(await take(path, own))) {
    const text = await textOf(path);
    const beat = await stat(path, { bigint: true }).catch(() => undefined);
    if (text === undefined || beat === undefined) continue;
    const now = `${text} ${beat.mtimeNs}`;
    if (now !== seen) [seen, since] = [now, performance.now()];
    const holder = readHolder(text);
    if (hasEnded(holder, own) || performance.now() - since > silenceMs) await takeAway(path, text, own);
    else {
      onWait(holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`);
      await pause(askEveryMs);
    }
  }
}

/** Makes the lock's file, in one step that only one can do. */
async function take(path: string, own: Holder): Promise<boolean> {
  try {
    await makeFolder(dirname(path));
    await writeNew(path, JSON.stringify(own));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    const { reason } = unwritable(error);
    throw new ConfigError(`${path}: cannot be written: ${reason}; make room, or name another folder in HF_HUB_CACHE`, {
      cause: error,
    });
  }
}

/** Removes the lock of a holder that is gone, unless another has removed it before and holds a new one. */
async function takeAway(path: string, expected: string, own: Holder): Promise<void> {
  const aside = `${path}.${own.id}`;
  try {
    await rename(path, aside);
    if ((await textOf(aside)) !== expected) await link(aside, path);
  } catch {
    // Another was faster.
  }
  await rm(aside, { force: true });
}

function textOf(path: string): Promise<string | undefined> {
  return readText(path).catch(() => undefined);
}

function readHolder(text: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    // Being written, or cut short: the file's age decides.
    return undefined;
  }
}

function hasEnded(holder: Holder | undefined, { host, space }: Holder): boolean {
  if (holder?.host !== host || holder.space !== space) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

async function processSpace(): Promise<string> {
  return readlink('/proc/self/ns/pid').catch(() => process.platform);
}
