import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type HostTensor, type HostTensors, sizeOf } from '@attune/base';
import { hashFile, writeAtomically } from '@attune/base/node';
import { type Model, type ModelConfig, modelFamily } from '@attune/core';
import { createTokenizer, type Tokenizer } from '@attune/tokenizer';
import { fitParameters } from '../fit-values.ts';
import { configWithHead, declaredHead } from '../head/declared-head.ts';
import { type GivenHead, headParameters, storedHead } from '../head/stored-head.ts';
import { dtypeName, elementBytes, type WeightDtype } from '../stored-tensor.ts';
import type { TensorSource } from '../write-safetensors.ts';
import { tokenizerConfigFile } from './read-directory.ts';
import { writeSafetensorsFile } from './safetensors-file.ts';

/** What a model directory is written from. */
export interface SavedModel {
  /** Content of config.json; `model_type` says the family. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Content of tokenizer.json and tokenizer_config.json. */
  readonly tokenizerFiles: { readonly tokenizer: unknown; readonly config?: unknown };
  /** The model's parameters, and a head's, under the names that the transformers library gives them. */
  readonly values: HostTensors;
  /**
   * What the head over sequences among the values is, for config.json: its class, labels, and the rest that the
   * transformers library reads. What the configuration and the names of values tell when absent.
   */
  readonly head?: GivenHead;
  /** What to store floats as, rounded to nearest; `LoadedModel.dtypes` gives the bits back. F32 when absent. */
  readonly dtypes?: ReadonlyMap<string, WeightDtype>;
}

/** How it is written; all may be left out. */
export interface SaveOptions {
  /** Weights above this many bytes are split into shards; 5 GB when absent, as in the transformers library. */
  readonly maxShardBytes?: number;
  /** README.md: what the model is, how it was made, how to make it again. */
  readonly modelCard?: string;
}

/**
 * Writes a model in Hugging Face's directory layout, which `loadModelDirectory` and the transformers library read.
 * Each file is written atomically, config.json last, so a directory with a config is whole. Equal models give equal
 * bytes.
 *
 * @throws ConfigError when values and config do not fit, before anything is written; or when writing fails
 */
export async function saveModelDirectory(
  directory: string,
  saved: SavedModel,
  { maxShardBytes = 5e9, modelCard }: SaveOptions = {},
): Promise<void> {
  const { tokenizerFiles } = saved;
  const tokenizer = createTokenizer({ ...tokenizerFiles, where: join(directory, 'tokenizer.json') });
  const { config, model } = describeSaved(saved, { tokenizer, directory });
  const write = (name: string, content: unknown) =>
    writeAtomically(join(directory, name), `${JSON.stringify(content, null, 2)}\n`);
  await saveWeights({ directory, maxShardBytes, ...withAliases(saved, model) });
  await write('tokenizer.json', tokenizerFiles.tokenizer);
  if (tokenizerFiles.config !== undefined) await write(tokenizerConfigFile, tokenizerFiles.config);
  if (modelCard !== undefined) await writeAtomically(join(directory, 'README.md'), modelCard);
  await write('config.json', config);
}

/** config.json of what is saved, and the model that a reader makes of it. */
function describeSaved(
  { config, values, head: given, dtypes }: SavedModel,
  { tokenizer, directory }: { readonly tokenizer: Tokenizer; readonly directory: string },
): { readonly config: ModelConfig; readonly model: Model } {
  const family = modelFamily(config, directory);
  const described = family.create(config, directory);
  const stored = new Map([...values.keys()].map((name) => [name, typeOf(values.get(name)!)]));
  const declared = declaredHead(described.config, family, directory);
  const head = storedHead({ model: described.model, family, stored, given, declared, where: directory });
  const isDecoder = described.model.languageModel === 'causal';
  const written = withDtype(
    head === undefined
      ? described.config
      : configWithHead(described.config, head, { family, isDecoder, padId: tokenizer.specialIds.pad }),
    [...values.keys()].map((name) => dtypes?.get(name) ?? 'F32'),
  );
  const { model } = family.create(written, directory);
  const parameters = [...model.parameters, ...(head === undefined ? [] : headParameters(model, head))];
  fitParameters({ model: { parameters }, stored, dtypes: 'float32', where: directory });
  return { config: written, model };
}

function typeOf({ dtype, shape }: HostTensor): Pick<HostTensor, 'dtype' | 'shape'> {
  return { dtype, shape };
}

/** The transformers library narrows values to the dtype that a config.json names, so it must be that of the values. */
function withDtype(config: ModelConfig, stored: readonly WeightDtype[]): ModelConfig {
  const { torch_dtype: older, dtype = older, ...rest } = config;
  if (dtype === undefined || dtype === null) return config;
  const widest = stored.every((each) => each === stored[0]) ? stored[0]! : 'F32';
  return { ...rest, dtype: dtypeName(widest) };
}

/** What the files of weights get. */
interface WrittenTensors {
  readonly values: TensorSource;
  readonly dtypes: ReadonlyMap<string, WeightDtype>;
}

/**
 * The values, and those of untied parameters with a second name under that name too: it is the one that the reference
 * implementation reads.
 */
function withAliases({ values, dtypes = new Map() }: SavedModel, { aliases }: Model): WrittenTensors {
  const untied = aliases.filter(({ alias, name, isTied }) => !isTied && values.has(name) && !values.has(alias));
  const sources = new Map(untied.map(({ alias, name }) => [alias, name]));
  const nameOf = (written: string) => sources.get(written) ?? written;
  const names = [...values.keys(), ...sources.keys()];
  const stored = names.map((name) => [name, dtypes.get(nameOf(name)) ?? 'F32'] as const);
  return { values: { keys: () => names.values(), get: (name) => values.get(nameOf(name)) }, dtypes: new Map(stored) };
}

/** Values to be written as one safetensors file, or as shards with an index. */
interface SaveWeightsCall extends WrittenTensors {
  readonly directory: string;
  /** A file gets no more bytes of values than this, unless one tensor alone has more. */
  readonly maxShardBytes: number;
}

interface Shard {
  readonly names: readonly string[];
  readonly bytes: number;
}

const indexName = 'model.safetensors.index.json';
const ownFiles = /^model(-\d{5}-of-\d{5})?\.safetensors(\.index\.json)?$/;

/**
 * Writes model.safetensors, or shards and their index where the values are larger than a shard may be. The index comes
 * after the shards, with their hashes, and weights of an earlier save go last, so that what a reader finds fits
 * together or is refused.
 *
 * @throws ConfigError when it cannot be written
 */
async function saveWeights(call: SaveWeightsCall): Promise<void> {
  const { directory, values, dtypes } = call;
  const shards = planShards(call);
  const files = shards.map((_, place) => fileName(place, shards.length));
  for (const [place, { names }] of shards.entries()) {
    await writeSafetensorsFile(join(directory, files[place]!), values, { dtypes, names });
  }
  if (shards.length > 1) await writeIndex(directory, files, shards);
  await removeOthers(directory, shards.length > 1 ? [...files, indexName] : files);
}

/** Tensors in the map's order, as many to a shard as go in. */
function planShards({ values, dtypes, maxShardBytes }: SaveWeightsCall): Shard[] {
  const shards: Shard[] = [];
  for (const name of values.keys()) {
    const { shape, dtype } = values.get(name)!;
    const width = elementBytes[dtype === 'int32' ? 'I32' : (dtypes.get(name) ?? 'F32')];
    const bytes = sizeOf(shape) * width;
    const last = shards.at(-1);
    if (last === undefined || last.bytes + bytes > maxShardBytes) shards.push({ names: [name], bytes });
    else shards[shards.length - 1] = { names: [...last.names, name], bytes: last.bytes + bytes };
  }
  return shards;
}

function fileName(place: number, count: number): string {
  const digits = (value: number) => String(value).padStart(5, '0');
  return count === 1 ? 'model.safetensors' : `model-${digits(place + 1)}-of-${digits(count)}.safetensors`;
}

async function writeIndex(directory: string, files: readonly string[], shards: readonly Shard[]): Promise<void> {
  const sha256: Record<string, string> = {};
  for (const file of files) sha256[file] = await hashFile(join(directory, file));
  const map = shards.flatMap(({ names }, place) => names.map((name) => [name, files[place]!] as const));
  const index = {
    metadata: { total_size: shards.reduce((sum, { bytes }) => sum + bytes, 0), sha256 },
    weight_map: Object.fromEntries(map.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  await writeAtomically(join(directory, indexName), `${JSON.stringify(index, null, 2)}\n`);
}

async function removeOthers(directory: string, kept: readonly string[]): Promise<void> {
  for (const name of (await readdir(directory)).filter((file) => ownFiles.test(file) && !kept.includes(file))) {
    await rm(join(directory, name));
  }
}
