import { type FileHandle, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ConfigError } from '../errors.ts';

/**
 * Writes a file under a temporary name and renames it: a reader sees the old content or the new, never a part.
 * Makes the folder when it is missing.
 *
 * @throws ConfigError when the folder cannot be written or the disk is full; what was there is untouched
 */
export async function writeAtomically(path: string, content: Uint8Array | string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, typeof content === 'string' ? content : Buffer.from(content));
  } catch (error) {
    throw notWritten(path, error);
  }
}

/**
 * `writeAtomically` of parts that are made one after the other, so that the whole is never in memory.
 *
 * @throws ConfigError as `writeAtomically`
 */
export async function writePartsAtomically(path: string, parts: Iterable<Uint8Array>): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(partial, 'w');
    try {
      for (const part of parts) await writeAll(handle, part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw notWritten(path, error);
  }
}

async function writeAll(handle: FileHandle, part: Uint8Array): Promise<void> {
  let written = 0;
  while (written < part.length) {
    const { bytesWritten } = await handle.write(part, written, Math.min(part.length - written, 2 ** 30));
    written += bytesWritten;
  }
}

function notWritten(path: string, error: unknown): ConfigError {
  return new ConfigError(`${path}: cannot be written: ${(error as Error).message}`, { cause: error });
}

/**
 * Makes a folder and writes a file in it, so that a folder that is not writable shows before work is spent.
 *
 * @param where  what wants the folder, e.g. "--cache"
 * @throws ConfigError `where: folder: cannot be written: reason; what would work`
 */
export async function checkWritableFolder(where: string, folder: string): Promise<void> {
  try {
    await writeIn(folder);
  } catch (error) {
    const { reason, advice } = unwritable(error);
    throw new ConfigError(`${where}: ${folder}: cannot be written: ${reason}; ${advice}`, { cause: error });
  }
}

/** Makes a folder and those above it, writes an empty file and takes it away. @throws as node:fs does */
export async function writeIn(folder: string): Promise<void> {
  await makeFolder(folder);
  const probe = join(folder, `.writable-${process.pid}`);
  await writeFile(probe, '');
  await rm(probe);
}

/** Why a file or folder cannot be written, and what to do about it, from an error of node:fs. */
export function unwritable(error: unknown): { readonly reason: string; readonly advice: string } {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOSPC' ? 'the disk is full' : code === 'EACCES' ? 'no permission' : message;
  const advice = code === 'ENOSPC' ? 'free some space' : 'make the folder writable or choose another';
  return { reason: `${reason}${code === undefined ? '' : ` (${code})`}`, advice };
}

/**
 * Makes a folder and those above it. Node's own `recursive` never returns where a folder that exists answers ENOENT,
 * as /proc does.
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await isFolder(path))) return;
    if (code !== 'ENOENT' || (await isFolder(dirname(path)))) throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
