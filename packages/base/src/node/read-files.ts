import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ConfigError, DatasetError } from '../errors.ts';
import { parseJson } from '../parse.ts';

/** The bytes of a file of rows, for a task's `parseRows`. @throws DatasetError when it cannot be read */
export async function readDataFile(file: string): Promise<Uint8Array> {
  return readFile(file).catch((error: Error) => {
    throw new DatasetError(`${file}: cannot be read: ${error.message}`);
  });
}

/** SHA-256 of a file, in hexadecimal, read in parts. @throws ConfigError when it cannot be read */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash).catch((error: Error) => {
    throw new ConfigError(`${path}: cannot be read: ${error.message}`, { cause: error });
  });
  return hash.digest('hex');
}

/**
 * What a JSON file holds.
 *
 * @param where  how messages name the file
 * @throws ConfigError when it cannot be read or is not JSON in UTF-8
 */
export async function readJsonFile(path: string, where = path): Promise<unknown> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new ConfigError(`${where}: cannot be read: ${error.message}`, { cause: error });
  });
  return parseJson(bytes, where);
}
