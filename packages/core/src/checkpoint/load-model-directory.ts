import { join } from 'node:path';
import type { Model } from '../contracts/model.ts';
import type { HostTensor, HostTensors } from '../contracts/tensors.ts';
import { ConfigError } from '../errors.ts';
import { modelFamily } from '../models/families.ts';
import type { ModelConfig, ModelFamily } from '../models/model-family.ts';
import { randomSource } from '../random/create-random-source.ts';
import type { RandomSource } from '../random/random-source.ts';
import { createTokenizer } from '../tokenizer/create-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { fitValues } from './fit-values.ts';
import { type DirectoryFiles, hashFiles, parseJson, readDirectory, tokenizerConfigFile } from './read-directory.ts';
import { readSafetensors } from './read-safetensors.ts';

export interface LoadedModel {
  readonly model: Model;
  readonly values: HostTensors;
  readonly tokenizer: Tokenizer;
  /** SHA-256 over config.json, tokenizer.json and model.safetensors. */
  readonly hash: string;
  /** What a reader should know: parts that were initialised, tensors that were not used. */
  readonly notes: readonly string[];
  readonly config: ModelConfig;
  /** Parsed tokenizer.json and, where there is one, tokenizer_config.json; `saveModelDirectory` takes them. */
  readonly tokenizerFiles: { readonly tokenizer: unknown; readonly config?: unknown };
}

/**
 * A model in Hugging Face's directory layout: config.json, tokenizer.json, model.safetensors.
 *
 * @param options.random  source of the parts a checkpoint may lack, pooler and language-model head; seed 0 when absent
 * @throws ConfigError when a file is missing or malformed, or the files do not fit each other
 */
export async function loadModelDirectory(
  directory: string,
  options: { readonly random?: RandomSource } = {},
): Promise<LoadedModel> {
  const files = await readDirectory(directory);
  const where = (name: string): string => join(directory, name);
  const json = parseJson(files['config.json'], where('config.json'));
  const family = modelFamily(json, where('config.json'));
  const { model, config } = family.create(json, where('config.json'));
  const tokenizerFiles = parseTokenizerFiles(files, where);
  const tokenizer = createTokenizer({ ...tokenizerFiles, where: where('tokenizer.json') });
  const { tensors } = readSafetensors(files['model.safetensors'], where('model.safetensors'));
  const random = options.random ?? randomSource(0).fork('missing-parameters');
  const fitted = fitValues({ model, stored: renamed(tensors, family, directory), random, where: directory });
  requireVocabulary(tokenizer, model, directory);
  return { model, ...fitted, tokenizer, hash: hashFiles(files), config, tokenizerFiles };
}

function parseTokenizerFiles(files: DirectoryFiles, where: (name: string) => string): LoadedModel['tokenizerFiles'] {
  const tokenizer = parseJson(files['tokenizer.json'], where('tokenizer.json'));
  const config = files[tokenizerConfigFile];
  return config === undefined ? { tokenizer } : { tokenizer, config: parseJson(config, where(tokenizerConfigFile)) };
}

function renamed(stored: HostTensors, family: ModelFamily, directory: string): HostTensors {
  const tensors = new Map<string, HostTensor>();
  for (const [name, tensor] of stored) {
    const canonical = family.canonicalName(name);
    if (family.isBuffer?.(canonical)) continue;
    const other = tensors.get(canonical);
    // A shared tensor may be stored under both of its names; two different ones leave no way to choose.
    if (other !== undefined && Buffer.compare(bytesOf(other), bytesOf(tensor)) !== 0) {
      throw new ConfigError(
        `${directory}: ${canonical} is stored twice with different values; the other name is ${name}`,
      );
    }
    tensors.set(canonical, tensor);
  }
  return tensors;
}

function bytesOf({ data }: HostTensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function requireVocabulary(tokenizer: Tokenizer, model: Model, directory: string): void {
  if (tokenizer.vocabSize > model.vocabSize) {
    throw new ConfigError(
      `${directory}: tokenizer.json has ids up to ${tokenizer.vocabSize - 1}, config.json a vocab_size of ` +
        `${model.vocabSize}; they must come from the same model`,
    );
  }
}
