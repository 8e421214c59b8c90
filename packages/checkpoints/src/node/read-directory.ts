import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@attune/base';
import { readBytes } from '@attune/base/node';
import { type VocabularyFiles, vocabularyFileSets } from '@attune/tokenizer';
import { fileInDirectory } from './weights/open-weights.ts';
import { preferredWeightsFile, type WeightsLayout, weightsFileNames, weightsLayout } from './weights/weights-file.ts';

const configFile = 'config.json';
const tokenizerFile = 'tokenizer.json';
/** Special tokens' names, the side that is padded, and other settings of the tokenizer. */
export const tokenizerConfigFile = 'tokenizer_config.json';
/** What older directories have beside it: names of special tokens, and tokens that were added to the vocabulary. */
export const olderTokenizerFiles = ['special_tokens_map.json', 'added_tokens.json'] as const;

/** The files of a model directory: small ones as they are, of weights the places of the tensors. */
export interface DirectoryFiles {
  readonly [configFile]: Uint8Array;
  readonly [tokenizerFile]?: Uint8Array;
  /** What a tokenizer is made of where there is no tokenizer.json. */
  readonly vocabulary: VocabularyFiles;
  readonly [tokenizerConfigFile]?: Uint8Array;
  readonly older: Readonly<Partial<Record<(typeof olderTokenizerFiles)[number], Uint8Array>>>;
  readonly weights: WeightsLayout;
}

/**
 * The small files of a Hugging Face model directory, and where its weights are.
 *
 * @throws ConfigError naming every file that is missing, and what the directory has instead
 */
export async function readDirectory(directory: string): Promise<DirectoryFiles> {
  const present = await listDirectory(directory);
  const read = async (name: string) =>
    readBytes(await fileInDirectory(directory, name)).catch((error: Error) => {
      if (error instanceof ConfigError) throw error;
      throw new ConfigError(`${join(directory, name)}: cannot be read: ${error.message}`, { cause: error });
    });
  const readAll = async (names: readonly string[]) =>
    Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)] as const)));
  return {
    'config.json': await read(configFile),
    ...(present.includes(tokenizerFile) ? { [tokenizerFile]: await read(tokenizerFile) } : {}),
    vocabulary: await readAll(vocabularyNames(present)),
    ...(present.includes(tokenizerConfigFile) ? { [tokenizerConfigFile]: await read(tokenizerConfigFile) } : {}),
    older: await readAll(olderTokenizerFiles.filter((name) => present.includes(name))),
    weights: await weightsLayout(directory, present),
  };
}

/**
 * The files that decide what a model directory computes, in a fixed order: config.json, tokenizer.json (or the
 * vocabulary's files), the index of shards, the weights, tokenizer_config.json and the older files beside it.
 *
 * @throws ConfigError when one is missing
 */
export async function checkpointFiles(directory: string): Promise<string[]> {
  const present = await listDirectory(directory);
  const { index, files } = await weightsLayout(directory, present);
  const config = [tokenizerConfigFile, ...olderTokenizerFiles].filter((name) => present.includes(name));
  const tokenizer = present.includes(tokenizerFile) ? [tokenizerFile] : vocabularyNames(present);
  const names = [configFile, ...tokenizer, ...(index === undefined ? [] : [index.name]), ...files, ...config];
  return names.map((name) => join(directory, name));
}

/**
 * What a model directory with these files lacks, `model.safetensors` standing for any kind of weights. Empty when
 * nothing is missing.
 */
export function missingCheckpointFiles(present: readonly string[]): string[] {
  const hasVocabulary = vocabularyNames(present).length > 0;
  const missing = [configFile, tokenizerFile].filter(
    (name) => !(present.includes(name) || (name === tokenizerFile && hasVocabulary)),
  );
  return preferredWeightsFile(present) === undefined ? [...missing, weightsFileNames[0]!] : missing;
}

/** The files of the first vocabulary that is whole, unless there is a tokenizer.json. */
function vocabularyNames(present: readonly string[]): readonly string[] {
  if (present.includes(tokenizerFile)) return [];
  return vocabularyFileSets.find((names) => names.every((name) => present.includes(name))) ?? [];
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
