import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';

/** sha256 of each file's bytes by its path; 'absent' for one that is not there. */
export type FileHashes = Readonly<Record<string, string>>;

/**
 * sha256 over files: for each its name, size and bytes, in the order given. An absent file counts as absent, so a
 * hash changes when the file appears. Files are read in parts, once for this hash and for that of each.
 */
export async function hashFiles(
  files: readonly string[],
): Promise<{ readonly hash: string; readonly files: FileHashes }> {
  const hash = createHash('sha256');
  const single: Record<string, string> = {};
  for (const file of files) {
    const stats = await stat(file).catch(absent);
    hash.update(`${basename(file)}\0${stats === undefined ? 'absent' : stats.size}\0`);
    single[file] = 'absent';
    if (stats === undefined) continue;
    const own = createHash('sha256');
    for await (const part of createReadStream(file, { highWaterMark: 2 ** 20 })) {
      hash.update(part as Buffer);
      own.update(part as Buffer);
    }
    single[file] = own.digest('hex');
  }
  return { hash: hash.digest('hex'), files: single };
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
