import { join } from 'node:path';
import { ConfigError } from '../../errors.ts';
import { readWeightsIndex, type WeightsIndex } from './weights-index.ts';

/** How a directory keeps its weights: one file, or shards and their index. */
export interface WeightsLayout {
  readonly format: 'safetensors' | 'torch';
  /** Names of the files with tensors, in name order. */
  readonly files: readonly string[];
  readonly index?: WeightsIndex & { readonly name: string };
}

const singleFiles = { safetensors: 'model.safetensors', torch: 'pytorch_model.bin' } as const;
const indexFiles = {
  safetensors: 'model.safetensors.index.json',
  torch: 'pytorch_model.bin.index.json',
} as const;

/** In the order in which they are looked for, which is that of the transformers library. */
export const weightsFileNames = (['safetensors', 'torch'] as const).flatMap((format) => [
  singleFiles[format],
  indexFiles[format],
]);

/** The first of `weightsFileNames` among these names. */
export function preferredWeightsFile(present: readonly string[]): string | undefined {
  return weightsFileNames.find((name) => present.includes(name));
}

/**
 * Which files hold a directory's weights.
 *
 * @param present  names of the directory's files
 * @throws ConfigError when there are none, an index is malformed or a shard is missing
 */
export async function weightsLayout(directory: string, present: readonly string[]): Promise<WeightsLayout> {
  const name = preferredWeightsFile(present);
  if (name === undefined) throw new ConfigError(`${directory}: no weights; expected ${weightsFileNames.join(', ')}`);
  const format = name.startsWith('model') ? 'safetensors' : 'torch';
  if (name === singleFiles[format]) return { format, files: [name] };
  const index = await readWeightsIndex(join(directory, name));
  const missing = index.shards.filter((shard) => !present.includes(shard) && !shard.includes('/'));
  if (missing.length > 0) {
    const found = index.shards.filter((shard) => present.includes(shard));
    throw new ConfigError(
      `${join(directory, name)}: shards are missing: ${missing.join(', ')}; found ${found.join(', ') || 'none'}`,
    );
  }
  return { format, files: index.shards, index: { ...index, name } };
}
