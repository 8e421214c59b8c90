import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../errors.ts';
import { fileInDirectory } from './weights/file-in-directory.ts';
import { preferredWeightsFile, type WeightsLayout, weightsFileNames, weightsLayout } from './weights/weights-layout.ts';

const configFile = 'config.json';
const tokenizerFile = 'tokenizer.json';
export const tokenizerConfigFile = 'tokenizer_config.json';

export interface DirectoryFiles {
  readonly [configFile]: Uint8Array;
  readonly [tokenizerFile]: Uint8Array;
  readonly [tokenizerConfigFile]?: Uint8Array;
  readonly weights: WeightsLayout;
}

/**
 * The small files of a Hugging Face model directory, and where its weights are.
 *
 * @throws ConfigError naming every file that is missing, and what the directory has instead
 */
export async function readDirectory(directory: string): Promise<DirectoryFiles> {
  const present = await listDirectory(directory);
  const read = async (name: string) => readFile(await fileInDirectory(directory, name));
  return {
    'config.json': await read(configFile),
    'tokenizer.json': await read(tokenizerFile),
    ...(present.includes(tokenizerConfigFile) ? { [tokenizerConfigFile]: await read(tokenizerConfigFile) } : {}),
    weights: await weightsLayout(directory, present),
  };
}

/**
 * The files that decide what a model directory computes, in a fixed order: config.json, tokenizer.json, the index of
 * shards, the weights, tokenizer_config.json.
 *
 * @throws ConfigError when one is missing
 */
export async function checkpointFiles(directory: string): Promise<string[]> {
  const present = await listDirectory(directory);
  const { index, files } = await weightsLayout(directory, present);
  const config = present.includes(tokenizerConfigFile) ? [tokenizerConfigFile] : [];
  const names = [configFile, tokenizerFile, ...(index === undefined ? [] : [index.name]), ...files, ...config];
  return names.map((name) => join(directory, name));
}

/**
 * What a model directory with these files lacks, `model.safetensors` standing for any kind of weights. Empty when
 * nothing is missing.
 */
export function missingCheckpointFiles(present: readonly string[]): string[] {
  const missing = [configFile, tokenizerFile].filter((name) => !present.includes(name));
  return preferredWeightsFile(present) === undefined ? [...missing, weightsFileNames[0]!] : missing;
}

async function listDirectory(directory: string): Promise<string[]> {
  const present = await readdir(directory).catch((error: Error) => {
    throw new ConfigError(`${directory}: not a model directory: ${error.message}`, { cause: error });
  });
  const missing = missingCheckpointFiles(present);
  if (missing.length === 0) return present;
  throw new ConfigError(
    `${directory}: not a model directory: no ${missing.join(', ')}; expected ${configFile}, ${tokenizerFile} and ` +
      `weights (${weightsFileNames.join(', ')}), found ${present.length === 0 ? 'nothing' : present.sort().join(', ')}`,
  );
}
