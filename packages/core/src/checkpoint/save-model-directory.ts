import { join } from 'node:path';
import type { HostTensors } from '../contracts/tensors.ts';
import { modelFamily } from '../models/families.ts';
import { createTokenizer } from '../tokenizer/create-tokenizer.ts';
import { fitParameters } from './fit-values.ts';
import { tokenizerConfigFile } from './read-directory.ts';
import { saveWeights } from './save-weights.ts';
import type { WeightDtype } from './weights/stored-tensor.ts';
import { writeAtomically } from './write-atomically.ts';

export interface SavedModel {
  /** Content of config.json; `model_type` says the family. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Content of tokenizer.json and tokenizer_config.json. */
  readonly tokenizerFiles: { readonly tokenizer: unknown; readonly config?: unknown };
  /** The model's parameters, and a head's, under the names that the transformers library gives them. */
  readonly values: HostTensors;
  /** What to store floats as, rounded to nearest; `LoadedModel.dtypes` gives the bits back. F32 when absent. */
  readonly dtypes?: ReadonlyMap<string, WeightDtype>;
}

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
  const { values, tokenizerFiles, dtypes = new Map() } = saved;
  const { model, config } = modelFamily(saved.config, directory).create(saved.config, directory);
  fitParameters({
    model,
    stored: new Map([...values.keys()].map((name) => [name, values.get(name)!])),
    where: directory,
  });
  createTokenizer({ ...tokenizerFiles, where: join(directory, 'tokenizer.json') });
  const write = (name: string, content: unknown) =>
    writeAtomically(join(directory, name), `${JSON.stringify(content, null, 2)}\n`);
  await saveWeights({ directory, values, dtypes, maxShardBytes });
  await write('tokenizer.json', tokenizerFiles.tokenizer);
  if (tokenizerFiles.config !== undefined) await write(tokenizerConfigFile, tokenizerFiles.config);
  if (modelCard !== undefined) await writeAtomically(join(directory, 'README.md'), modelCard);
  await write('config.json', config);
}
