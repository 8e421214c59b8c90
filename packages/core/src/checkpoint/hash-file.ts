import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ConfigError } from '../errors.ts';

/** SHA-256 of a file, in hexadecimal, read in parts. @throws ConfigError when it cannot be read */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash).catch((error: Error) => {
    throw new ConfigError(`${path}: cannot be read: ${error.message}`, { cause: error });
  });
  return hash.digest('hex');
}
