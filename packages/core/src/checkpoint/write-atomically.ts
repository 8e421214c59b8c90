import { mkdir } from 'node:fs/promises';
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
    throw new ConfigError(`${path}: cannot be written: ${(error as Error).message}`, { cause: error });
  }
}
