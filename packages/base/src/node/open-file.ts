import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

/**
 * Opens a file to be read, and nothing else: opening a pipe waits for a writer for ever, on a thread that no signal
 * ends, and a device may do anything. Every reader of the repository opens here (`scripts/check-imports.mjs`).
 *
 * @throws as node:fs does, and Error for a folder, a pipe, a socket or a device, which it names
 */
export async function openFile(path: string): Promise<FileHandle> {
  assertFile(await stat(path));
  // Another thing may have taken its place; opened like this, not even a pipe is waited for.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    assertFile(await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The bytes of a file. @throws as `openFile` */
export async function readBytes(path: string): Promise<Buffer> {
  const handle = await openFile(path);
  return handle.readFile().finally(() => handle.close());
}

/** A file's text, by UTF-8; bytes that are none become U+FFFD. @throws as `openFile` */
export async function readText(path: string): Promise<string> {
  return (await readBytes(path)).toString('utf8');
}

/** The bytes of a file in parts of a MiB, so that the whole is never in memory. @throws as `openFile` */
export async function* readParts(path: string): AsyncGenerator<Buffer> {
  const handle = await openFile(path);
  yield* handle.createReadStream({ highWaterMark: 2 ** 20 });
}

function assertFile(stats: Stats): void {
  if (!stats.isFile()) throw new Error(`expected a file, found ${kindOf(stats)}`);
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}
