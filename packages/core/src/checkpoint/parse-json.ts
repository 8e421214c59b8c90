import { ConfigError } from '../errors.ts';

/** @throws ConfigError naming the file when it is not JSON */
export function parseJson(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new ConfigError(`${where}: not JSON: ${(error as Error).message}`, { cause: error });
  }
}
