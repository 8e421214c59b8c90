import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from './errors.ts';

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
