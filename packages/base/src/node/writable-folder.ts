import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from '../errors.ts';

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

/**
 * Makes a folder and those above it, writes a block of bytes and takes it away: on a full disk an empty file can be
 * made, and nothing else.
 *
 * @throws as node:fs does
 */
export async function writeIn(folder: string): Promise<void> {
  await makeFolder(folder);
  // Named like what writers leave, so that one which is killed here leaves nothing that stays.
  const probe = join(folder, `.writable.${randomBytes(6).toString('hex')}.partial`);
  try {
    const handle = await open(probe, 'w');
    try {
      await writeAll(handle, new Uint8Array(4096));
      await handle.sync();
    } finally {
      await handle.close();
    }
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}

/**
 * Writes all of the bytes where the file stands. A disk that is almost full takes a part and says so by a number alone;
 * only the next write fails.
 *
 * @throws as node:fs does; ENOSPC also when nothing is taken without an error
 */
export async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written, Math.min(bytes.length - written, 2 ** 30));
    if (bytesWritten === 0) throw Object.assign(new Error('no more bytes were taken'), { code: 'ENOSPC' });
    written += bytesWritten;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EFBIG: 'a file may not be that large here',
  EACCES: 'no permission',
};

/** Why a file or folder cannot be written, and what to do about it, from an error of node:fs. */
export function unwritable(error: unknown): { readonly reason: string; readonly advice: string } {
  const { code, message = 'for an unknown reason' } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const reason = reasons[code ?? ''] ?? message;
  return { reason: `${reason}${code === undefined ? '' : ` (${code})`}`, advice: adviceFor(code) };
}

function adviceFor(code: string | undefined): string {
  if (code === undefined) return 'choose another';
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'free some space' : 'make the folder writable or choose another';
}

/**
 * Makes a folder and those above it, each kept by the disk (see `syncFolder`). Node's own `recursive` never returns
 * where a folder that exists answers ENOENT, as /proc does.
 *
 * @throws as node:fs does
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const above = dirname(path);
  if (above !== path && !(await exists(above))) await makeFolder(above);
  await mkdir(path).catch(async (error: NodeJS.ErrnoException) => {
    // Another process was faster.
    if (error.code !== 'EEXIST' || !(await isFolder(path))) throw error;
  });
  await syncFolder(above);
}

/** What a file system that keeps no folders answers, and Windows. */
const unsupported: ReadonlySet<unknown> = new Set([
  'EINVAL',
  'EPERM',
  'EACCES',
  'EISDIR',
  'ENOTSUP',
  'ENOSYS',
  'EBADF',
]);

/** Waits until the disk has a folder's names: a new or renamed file is lost in a power cut before. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!unsupported.has((error as NodeJS.ErrnoException).code)) throw error;
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
