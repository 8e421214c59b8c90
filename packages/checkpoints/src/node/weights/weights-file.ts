import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, parseWith } from '@attune/base';
import { openFile, readJsonFile } from '@attune/base/node';
import { z } from 'zod';
import type { WeightsSource } from '../../stored-tensor.ts';

/** Linux reads at most 2^31 - 4096 bytes at once. */
const maxReadBytes = 2 ** 30;

/** A file on disk. */
export class WeightsFile implements WeightsSource {
  readonly path: string;
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(path: string, size: number, handle: FileHandle) {
    this.path = path;
    this.size = size;
    this.#handle = handle;
  }

  /** @throws ConfigError when it cannot be opened or is no file */
  static async open(path: string): Promise<WeightsFile> {
    const handle = await openFile(path).catch((error: Error) => {
      throw new ConfigError(`${path}: cannot be read: ${error.message}`, { cause: error });
    });
    return new WeightsFile(path, (await handle.stat()).size, handle);
  }

  /**
   * Fills the bytes from this position on.
   *
   * @throws ConfigError when the file ends before
   */
  async readInto(bytes: Uint8Array, position: number): Promise<void> {
    let filled = 0;
    while (filled < bytes.length) {
      const length = Math.min(maxReadBytes, bytes.length - filled);
      const { bytesRead } = await this.#handle.read(bytes, filled, length, position + filled).catch((error: Error) => {
        throw new ConfigError(`${this.path}: cannot be read: ${error.message}`, { cause: error });
      });
      if (bytesRead === 0) throw this.#truncated(position + bytes.length, position + filled);
      filled += bytesRead;
    }
  }

  /** @throws ConfigError when the file ends before, without making room for what it has not */
  async read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (position + length > this.size) throw this.#truncated(position + length, this.size);
    const bytes = new Uint8Array(length);
    await this.readInto(bytes, position);
    return bytes;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  #truncated(expected: number, found: number): ConfigError {
    return new ConfigError(`${this.path}: truncated: expected ${expected} bytes, got ${found}`);
  }
}

const indexSchema = z.looseObject({
  metadata: z.looseObject({ sha256: z.record(z.string(), z.string()).optional() }).default({}),
  weight_map: z.record(z.string(), z.string()),
});

/** Which shard has which tensor: `model.safetensors.index.json` or `pytorch_model.bin.index.json`. */
interface WeightsIndex {
  /** Tensor name to shard. */
  readonly weightMap: ReadonlyMap<string, string>;
  /** In name order. */
  readonly shards: readonly string[];
  /** SHA-256 of shards, where the index has them; those that Attune writes do. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** @throws ConfigError when it cannot be read, is malformed or names no shard */
export async function readWeightsIndex(path: string): Promise<WeightsIndex> {
  const json = await readJsonFile(path);
  const parsed = parseWith(indexSchema, json, `${path}: not a usable index of shards`);
  const weightMap = new Map(Object.entries(parsed.weight_map));
  // The one name that a checked object cannot have would else be left out in silence.
  if (Object.hasOwn((json as { readonly weight_map: object }).weight_map, '__proto__')) {
    throw new ConfigError(`${path}: weight_map names a tensor "__proto__", which no model has`);
  }
  if (weightMap.size === 0) throw new ConfigError(`${path}: weight_map is empty; expected tensor names with shards`);
  const shards = [...new Set(weightMap.values())].sort();
  return { weightMap, shards, sha256: parsed.metadata.sha256 ?? {} };
}

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
