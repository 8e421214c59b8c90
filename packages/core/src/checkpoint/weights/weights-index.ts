import { z } from 'zod';
import { ConfigError } from '../../errors.ts';
import { parseWith } from '../../schema-issues.ts';
import { readJsonFile } from '../read-json-file.ts';

const indexSchema = z.looseObject({
  metadata: z.looseObject({ sha256: z.record(z.string(), z.string()).optional() }).default({}),
  weight_map: z.record(z.string(), z.string()),
});

/** Which shard has which tensor: `model.safetensors.index.json` or `pytorch_model.bin.index.json`. */
export interface WeightsIndex {
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
