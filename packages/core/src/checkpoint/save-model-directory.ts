import { join } from 'node:path';
import type { HostTensors } from '../contracts/tensors.ts';
import { modelFamily } from '../models/families.ts';
import { randomSource } from '../random/create-random-source.ts';
import { createTokenizer } from '../tokenizer/create-tokenizer.ts';
import { fitValues } from './fit-values.ts';
import { tokenizerConfigFile } from './read-directory.ts';
import { writeAtomically } from './write-atomically.ts';
import { writeSafetensorsFile } from './write-safetensors.ts';

export interface SavedModel {
  /** Content of config.json; `model_type` says the family. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Content of tokenizer.json and tokenizer_config.json. */
  readonly tokenizerFiles: { readonly tokenizer: unknown; readonly config?: unknown };
  readonly values: HostTensors;
}

/**
 * Writes a model in Hugging Face's directory layout, which `loadModelDirectory` and the transformers library read.
 * Each file is written atomically, config.json last, so a directory with a config is whole. Equal models give equal
 * bytes.
 *
 * @throws ConfigError when values and config do not fit, before anything is written; or when writing fails
 */
export async function saveModelDirectory(directory: string, saved: SavedModel): Promise<void> {
  const { model, config } = modelFamily(saved.config, directory).create(saved.config, directory);
  fitValues({ model, stored: saved.values, random: randomSource(0), where: directory });
  createTokenizer({ ...saved.tokenizerFiles, where: join(directory, 'tokenizer.json') });
  const write = (name: string, content: unknown) =>
    writeAtomically(join(directory, name), `${JSON.stringify(content, null, 2)}\n`);
  await writeSafetensorsFile(join(directory, 'model.safetensors'), saved.values);
  await write('tokenizer.json', saved.tokenizerFiles.tokenizer);
  if (saved.tokenizerFiles.config !== undefined) await write(tokenizerConfigFile, saved.tokenizerFiles.config);
  await write('config.json', config);
}
