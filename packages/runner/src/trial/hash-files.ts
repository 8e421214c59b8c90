import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';

/**
 * sha256 over files: for each its name, size and bytes, in the order given. An absent file counts as absent, so a
 * hash changes when the file appears. Files are read in parts.
 */
export async function hashFiles(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) {
    const stats = await stat(file).catch(absent);
    hash.update(`${basename(file)}\0${stats === undefined ? 'absent' : stats.size}\0`);
    if (stats === undefined) continue;
    for await (const part of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(part as Buffer);
  }
  return hash.digest('hex');
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
