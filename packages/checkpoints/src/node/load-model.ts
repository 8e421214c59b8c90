import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError, describeValue, parseJson, type RandomSource, randomSource } from '@attune/base';
import { type Model, modelFamily } from '@attune/core';
import { createTokenizer, resolveTokenizerFiles, type Tokenizer, vocabularyTokenizerJson } from '@attune/tokenizer';
import { parseHubId } from '../hub-id.ts';
import { legacyNameHint } from '../legacy-names.ts';
import { type DownloadListener, fetchModel } from './hub/fetch-model.ts';
import { type HubSettings, hubSettings } from './hub/hub-cache.ts';
import { type LoadedWeights, loadWeights, type Precision } from './load-weights.ts';
import { type DirectoryFiles, olderTokenizerFiles, readDirectory, tokenizerConfigFile } from './read-directory.ts';

/**
 * A model by its directory or its id on the hub: `locateModel`, then `loadModelDirectory`. The notes tell the commit.
 *
 * @throws ConfigError as the two do
 */
export async function loadModel(
  idOrDirectory: string,
  options: LoadOptions & LocateOptions = {},
): Promise<LoadedModel & { readonly hub?: HubSource }> {
  const { directory, hub } = await locateModel(idOrDirectory, options);
  const loaded = await loadModelDirectory(directory, options);
  if (hub === undefined) return loaded;
  return { ...loaded, hub, notes: [`${hub.repo} at commit ${hub.commit}`, ...loaded.notes] };
}

/** `notes` say what a reader should know: parts that were initialised, tensors that were not used. */
export interface LoadedModel extends LoadedWeights {
  readonly tokenizer: Tokenizer;
  /** What the tokenizer's files stand for, as tokenizer.json and tokenizer_config.json; `saveModelDirectory` takes them. */
  readonly tokenizerFiles: { readonly tokenizer: unknown; readonly config?: unknown };
}

/** How a model directory is loaded; all may be left out. */
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
  refuseQuantized(json, where('config.json'));
  const { model, config } = family.create(json, where('config.json'));
  const tokenizerFiles = parseTokenizerFiles(files, where, family.modelType);
  const tokenizer = createTokenizer({ ...tokenizerFiles, where: where('tokenizer.json') });
  requireVocabulary(tokenizer, model, directory);
  const { random = randomSource(0).fork('missing-parameters'), precision = 'widened' } = options;
  const described = { directory, model, config, family, configFile: where('config.json') };
  const weights = await loadWeights({ ...described, layout: files.weights, random, precision });
  return { ...weights, tokenizer, tokenizerFiles };
}

/** Integers would be cast to floats like any others. */
function refuseQuantized(config: unknown, where: string): void {
  const { quantization_config: quantization } = config as { readonly quantization_config?: unknown };
  if (quantization === undefined || quantization === null) return;
  throw new ConfigError(
    `${where}: quantization_config: expected nothing, got ${describeValue(quantization)}; the numbers of quantised ` +
      'weights mean nothing without their scales, which are not read; take the model as it was before it was quantised',
  );
}

function parseTokenizerFiles(
  files: DirectoryFiles,
  where: (name: string) => string,
  modelType: string,
): LoadedModel['tokenizerFiles'] {
  const bytes = files[tokenizerConfigFile];
  const config = bytes === undefined ? {} : { config: parseJson(bytes, where(tokenizerConfigFile)) };
  const [specialTokensMap, addedTokens] = olderTokenizerFiles.map((name) => {
    const content = files.older[name];
    return content === undefined ? undefined : parseJson(content, where(name));
  });
  const json = files['tokenizer.json'];
  const tokenizer =
    json === undefined
      ? vocabularyTokenizerJson({ files: files.vocabulary, ...config, specialTokensMap, where })
      : parseJson(json, where('tokenizer.json'));
  return resolveTokenizerFiles({
    tokenizer,
    ...config,
    specialTokensMap,
    addedTokens,
    // From a vocabulary alone, the settings have had their effect.
    ...(json === undefined ? {} : { modelType }),
    where: where('tokenizer.json'),
  });
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

/** Where a model comes from on the hub, pinned. */
export interface HubSource {
  /** `owner/name` */
  readonly repo: string;
  /** What was asked for. */
  readonly revision: string;
  readonly commit: string;
}

/** Where a model's files are on this machine, and where they came from. */
export interface LocatedModel {
  readonly directory: string;
  /** Absent for a directory. */
  readonly hub?: HubSource;
}

/** Where a model is looked for; all may be left out. */
export interface LocateOptions {
  /** Relative directories start here; the working directory when absent. */
  readonly baseDirectory?: string;
  /** From the environment when absent, see `hubSettings`. */
  readonly settings?: HubSettings;
  /** 'config' is enough where no weights are read; 'model' when absent. */
  readonly parts?: 'model' | 'config';
  readonly onProgress?: DownloadListener;
}

/**
 * The directory of a model that is named by its directory, or by its id on the hub (`owner/name`, `owner/name@revision`),
 * from where it is downloaded into the cache that Hugging Face's libraries share. What is a directory here is taken as one.
 *
 * @throws ConfigError when it is neither, or the hub does not have it
 */
export async function locateModel(idOrDirectory: string, options: LocateOptions = {}): Promise<LocatedModel> {
  const directory = resolve(options.baseDirectory ?? '', idOrDirectory);
  if ((await stat(directory).catch(() => undefined)) !== undefined) return { directory };
  const id = parseHubId(idOrDirectory);
  if (id === undefined) {
    throw new ConfigError(
      `${directory}: no such folder; expected a model directory, or an id of the hub: owner/name${legacyNameHint(idOrDirectory)}`,
    );
  }
  const { settings = hubSettings(), parts = 'model', onProgress } = options;
  const fetched = await fetchModel({ id, settings, parts, onProgress });
  return { directory: fetched.directory, hub: { ...id, commit: fetched.commit } };
}
