import { randomBytes } from 'node:crypto';
import { rmSync, type Stats } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError } from '../errors.ts';
import { makeFolder, syncFolder, unwritable, writeAll } from './writable-folder.ts';

/** A file that the disk, or whoever guards it, does not take. Its cause is the error of node:fs. */
export class UnwritableError extends ConfigError {}

/**
 * Writes a file under a temporary name and renames it when all of it is on the disk: a reader sees the old content or
 * the new, never a part, also after a power cut. Makes the folder when it is missing; writes through links, and keeps
 * the permissions of what was there.
 *
 * @throws UnwritableError when the folder cannot be written or the disk is full; what was there is untouched
 */
export function writeAtomically(path: string, content: Uint8Array | string): Promise<void> {
  return writePartsAtomically(path, [typeof content === 'string' ? Buffer.from(content) : content]);
}

/**
 * `writeAtomically` of parts that are made one after the other, so that the whole is never in memory.
 *
 * @throws UnwritableError as `writeAtomically`
 */
export async function writePartsAtomically(path: string, parts: Iterable<Uint8Array>): Promise<void> {
  try {
    await makeFolder(dirname(path));
    const target = await realpath(path).catch(() => path);
    const partial = `${target}.${randomBytes(6).toString('hex')}.partial`;
    partials.add(partial);
    try {
      await writeWhole(partial, parts, await replacedFile(target));
      await renameDurably(partial, target);
    } catch (error) {
      await rm(partial, { force: true }).catch(() => {});
      throw error;
    } finally {
      partials.delete(partial);
    }
  } catch (error) {
    const { reason, advice } = unwritable(error);
    throw new UnwritableError(`${path}: cannot be written: ${reason}; ${advice}`, { cause: error });
  }
}

/** Writes a file that must not be there yet, in a folder that is. @throws as node:fs does, EEXIST where it is there */
export async function writeNew(path: string, content: string): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await writeAll(handle, Buffer.from(content));
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    throw error;
  } finally {
    await handle.close();
  }
}

/** Renames a file or folder that is whole on the disk, and waits until the disk has the new name. @throws as node:fs does */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}

/**
 * Waits until the disk has what was written to a file.
 *
 * @param size  bytes that were written
 * @throws as node:fs does, and when the file has another size
 */
export async function syncWhole(handle: FileHandle, size: number): Promise<void> {
  await handle.sync();
  const { size: found } = await handle.stat();
  if (found !== size) throw new Error(`${size} bytes were written, the file has ${found}`);
}

/** Files that are being written: a process that ends leaves none of them. */
const partials = new Set<string>();
process.once('exit', () => {
  for (const partial of partials) rmSync(partial, { force: true });
});

async function writeWhole(path: string, parts: Iterable<Uint8Array>, replaced: Stats | undefined): Promise<void> {
  const handle = await open(path, 'wx', replaced?.mode);
  try {
    let size = 0;
    for (const part of parts) {
      await writeAll(handle, part);
      size += part.length;
    }
    if (replaced !== undefined) await keepAccess(handle, replaced);
    await syncWhole(handle, size);
  } finally {
    await handle.close();
  }
}

/** Undefined where there is no file yet. @throws Error where something else is: a rename would take its place */
async function replacedFile(path: string): Promise<Stats | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || stats.isFile()) return stats;
  throw new Error(`there is ${stats.isDirectory() ? 'a folder' : 'a device or pipe'} of that name`);
}

/** Owner and permissions, as far as this user and file system can give them. */
async function keepAccess(handle: FileHandle, { mode, uid, gid }: Stats): Promise<void> {
  await handle.chown(uid, gid).catch(() => {});
  await handle.chmod(mode & 0o7777).catch(() => {});
}
