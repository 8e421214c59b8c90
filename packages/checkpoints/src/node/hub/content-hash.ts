import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { ConfigError } from '@attune/base';
import { readParts } from '@attune/base/node';

/** How a hash is made of a file's content. */
export interface HashedFile {
  readonly size: number;
  /** SHA-256 of the content; or git's: SHA-1 of `blob <size>\0` and the content. */
  readonly algorithm: 'sha256' | 'git';
}

/** @throws ConfigError when the file cannot be read */
export async function contentHash(path: string, { algorithm, size }: HashedFile): Promise<string> {
  const hash = createHash(algorithm === 'git' ? 'sha1' : 'sha256');
  if (algorithm === 'git') hash.update(`blob ${size}\0`);
  try {
    for await (const part of readParts(path)) hash.update(part);
  } catch (error) {
    throw new ConfigError(`${path}: cannot be read: ${(error as Error).message}`, { cause: error });
  }
  return hash.digest('hex');
}

/** Blobs that this process found sound, by what the file system said of them then. */
const sound = new Map<string, string>();

/**
 * Whether a blob of the cache has the content that its name says: 64 digits are a SHA-256, 40 are git's. Bits that
 * flipped on the disk change no time of a file, so each process hashes the blobs that it loads, once.
 *
 * @param hash  the blob's name
 * @returns     false also when there is no such blob
 */
export async function isSound(path: string, hash: string): Promise<boolean> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  if (stats === undefined) return false;
  const state = [stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ');
  if (sound.get(path) === state) return true;
  const algorithm = hash.length === 64 ? 'sha256' : 'git';
  if ((await contentHash(path, { algorithm, size: Number(stats.size) })) !== hash) return false;
  sound.set(path, state);
  return true;
}
