import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../errors.ts';

/** The files of a Hugging Face model directory that say what a model computes. */
export const requiredFiles = ['config.json', 'tokenizer.json', 'model.safetensors'] as const;
export const tokenizerConfigFile = 'tokenizer_config.json';

export type DirectoryFiles = Readonly<Record<(typeof requiredFiles)[number], Uint8Array>> & {
  readonly [tokenizerConfigFile]?: Uint8Array;
};

/**
 * The bytes of the required files, and of tokenizer_config.json where there is one.
 *
 * @throws ConfigError naming every file that is missing, and what the directory has instead
 */
export async function readDirectory(directory: string): Promise<DirectoryFiles> {
  const present = await readdir(directory).catch((error: Error) => {
    throw new ConfigError(`${directory}: not a model directory: ${error.message}`, { cause: error });
  });
  const missing = requiredFiles.filter((name) => !present.includes(name));
  if (missing.length > 0) {
    throw new ConfigError(
      `${directory}: not a model directory: no ${missing.join(', ')}; expected ${requiredFiles.join(', ')}, ` +
        `found ${present.length === 0 ? 'nothing' : present.sort().join(', ')}`,
    );
  }
  const read = (name: string) => readFile(join(directory, name));
  return {
    'config.json': await read('config.json'),
    'tokenizer.json': await read('tokenizer.json'),
    'model.safetensors': await read('model.safetensors'),
    ...(present.includes(tokenizerConfigFile) ? { [tokenizerConfigFile]: await read(tokenizerConfigFile) } : {}),
  };
}

/** SHA-256, in hexadecimal, over the three required files: name, length and bytes of each. */
export function hashFiles(files: DirectoryFiles): string {
  const hash = createHash('sha256');
  for (const name of requiredFiles) hash.update(`${name} ${files[name].length}\n`).update(files[name]);
  return hash.digest('hex');
}

/** @throws ConfigError naming the file when it is not JSON */
export function parseJson(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new ConfigError(`${where}: not JSON: ${(error as Error).message}`, { cause: error });
  }
}
