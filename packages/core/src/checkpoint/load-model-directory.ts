import { join } from 'node:path';
import type { Model } from '../contracts/model.ts';
import { ConfigError } from '../errors.ts';
import { modelFamily } from '../models/families.ts';
import type { ModelConfig } from '../models/model-family.ts';
import { randomSource } from '../random/create-random-source.ts';
import type { RandomSource } from '../random/random-source.ts';
import { createTokenizer } from '../tokenizer/create-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { vocabularyTokenizerJson } from '../tokenizer/vocabulary-files.ts';
import { type LoadedWeights, loadWeights, type Precision } from './load-weights.ts';
import { parseJson } from './parse-json.ts';
import { type DirectoryFiles, readDirectory, tokenizerConfigFile } from './read-directory.ts';

/** `notes` say what a reader should know: parts that were initialised, tensors that were not used. */
export interface LoadedModel extends LoadedWeights {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly config: ModelConfig;
  /** Content of tokenizer.json and, where there is one, tokenizer_config.json; `saveModelDirectory` takes them. */
  readonly tokenizerFiles: { readonly tokenizer: unknown; readonly config?: unknown };
}

export interface LoadOptions {
  /** Source of the parts a checkpoint may lack, pooler and language-model head; seed 0 when absent. */
  readonly random?: RandomSource;
  /** 'kept' holds 16-bit floats as such and widens each tensor whenever it is asked for; 'widened' when absent. */
  readonly precision?: Precision;
}

/**
 * A model in Hugging Face's directory layout: config.json, tokenizer.json (or vocab.txt, or vocab.json with
 * merges.txt), and weights in one file or in shards,
 * `model.safetensors` before `pytorch_model.bin`. Values are read into their place one by one: loading takes little
 * more memory than they do.
 *
 * @throws ConfigError when a file is missing or malformed, or the files do not fit each other
 */
export async function loadModelDirectory(directory: string, options: LoadOptions = {}): Promise<LoadedModel> {
  const files = await readDirectory(directory);
  const where = (name: string): string => join(directory, name);
  const json = parseJson(files['config.json'], where('config.json'));
  const family = modelFamily(json, where('config.json'));
  const { model, config } = family.create(json, where('config.json'));
  const tokenizerFiles = parseTokenizerFiles(files, where);
  const tokenizer = createTokenizer({ ...tokenizerFiles, where: where('tokenizer.json') });
  requireVocabulary(tokenizer, model, directory);
  const { random = randomSource(0).fork('missing-parameters'), precision = 'widened' } = options;
  const weights = await loadWeights({ directory, layout: files.weights, model, family, random, precision });
  return { model, ...weights, tokenizer, config, tokenizerFiles };
}

function parseTokenizerFiles(files: DirectoryFiles, where: (name: string) => string): LoadedModel['tokenizerFiles'] {
  const bytes = files[tokenizerConfigFile];
  const config = bytes === undefined ? {} : { config: parseJson(bytes, where(tokenizerConfigFile)) };
  const json = files['tokenizer.json'];
  const tokenizer =
    json === undefined
      ? vocabularyTokenizerJson({ files: files.vocabulary, ...config, where })
      : parseJson(json, where('tokenizer.json'));
  return { tokenizer, ...config };
}

/** @throws ConfigError when the tokenizer has ids that the model has no embedding for */
export function requireVocabulary(tokenizer: Tokenizer, model: Model, directory: string): void {
  if (tokenizer.vocabSize > model.vocabSize) {
    throw new ConfigError(
      `${directory}: tokenizer.json has ids up to ${tokenizer.vocabSize - 1}, config.json a vocab_size of ` +
        `${model.vocabSize}; they must come from the same model`,
    );
  }
}
