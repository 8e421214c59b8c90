import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostTensors } from '../contracts/tensors.ts';
import { elementCount } from '../tensor/host-tensor.ts';
import { hashFile } from './hash-file.ts';
import { writeSafetensorsFile } from './safetensors-file.ts';
import { elementBytes, type WeightDtype } from './weights/stored-tensor.ts';
import { writeAtomically } from './write-atomically.ts';

export interface SaveWeightsCall {
  readonly directory: string;
  readonly values: HostTensors;
  readonly dtypes: ReadonlyMap<string, WeightDtype>;
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
export async function saveWeights(call: SaveWeightsCall): Promise<void> {
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
    const bytes = elementCount(shape) * width;
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
