import { ConfigError } from '../errors.ts';

/** @throws ConfigError naming the file when it is not JSON in UTF-8 */
export function parseJson(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ConfigError(`${where}: not JSON: ${(error as Error).message}`, { cause: error });
  }
}
