import { readFile } from 'node:fs/promises';
import { ConfigError } from '../errors.ts';
import { parseJson } from './parse-json.ts';

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
