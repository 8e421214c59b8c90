import { createHash } from 'node:crypto';
import { ConfigError, DatasetError } from '../errors.ts';
import { parseJson } from '../parse.ts';
import { displayPath } from './display-path.ts';
import { readBytes, readParts, readText } from './open-file.ts';

/** The bytes of a file of rows, for a task's `parseRows`. @throws DatasetError when it cannot be read */
export async function readDataFile(file: string): Promise<Uint8Array> {
  return readBytes(file).catch((error: Error) => {
    throw new DatasetError(`${file}: cannot be read: ${error.message}`, { cause: error });
  });
}

/** A file's text; undefined where there is none of that name. @throws ConfigError when what is there cannot be read */
export function readTextIfThere(path: string): Promise<string | undefined> {
  return readText(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new ConfigError(`${displayPath(path)}: cannot be read: ${error.message}`, { cause: error });
  });
}

/** SHA-256 of a file, in hexadecimal, read in parts. @throws ConfigError when it cannot be read */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const part of readParts(path)) hash.update(part);
  } catch (error) {
    throw new ConfigError(`${path}: cannot be read: ${(error as Error).message}`, { cause: error });
  }
  return hash.digest('hex');
}

/**
 * What a JSON file holds.
 *
 * @param where  how messages name the file
 * @throws ConfigError when it cannot be read or is not JSON in UTF-8
 */
export async function readJsonFile(path: string, where = path): Promise<unknown> {
  const bytes = await readBytes(path).catch((error: Error) => {
    throw new ConfigError(`${where}: cannot be read: ${error.message}`, { cause: error });
  });
  return parseJson(bytes, where);
}
