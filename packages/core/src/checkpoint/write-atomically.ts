import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
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

/** `writeAtomically` of parts that are made one after the other, so that the whole is never in memory. */
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
