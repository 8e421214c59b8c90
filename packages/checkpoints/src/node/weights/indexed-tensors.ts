import { basename } from 'node:path';
import { ConfigError } from '@attune/base';
import type { StoredTensor } from '../../stored-tensor.ts';
import { sameValues } from './same-values.ts';
import type { WeightsLayout } from './weights-file.ts';

type Index = NonNullable<WeightsLayout['index']>;

/**
 * The tensors of all shards, one of each name. What the index does not name is among them, as the reference
 * implementation reads whole shards.
 *
 * @param stored   of all shards
 * @param namedBy  path of the index
 * @throws ConfigError when a shard lacks what the index says it has, or two shards have different values of one tensor
 */
export async function indexedTensors(
  stored: readonly StoredTensor[],
  index: Index,
  namedBy: string,
): Promise<{ readonly stored: readonly StoredTensor[]; readonly notes: readonly string[] }> {
  const tensors = new Map<string, StoredTensor>();
  for (const tensor of stored) {
    const other = tensors.get(tensor.name);
    if (other === undefined) tensors.set(tensor.name, tensor);
    else if (!(await sameValues(other, tensor))) {
      throw new ConfigError(
        `${namedBy}: ${tensor.name} has other values in ${shardOf(other)} than in ${shardOf(tensor)}; all shards must ` +
          'come from one save',
      );
    }
  }
  requireNamed(stored, index, namedBy);
  const unnamed = [...tensors.keys()].filter((name) => !index.weightMap.has(name));
  const notes = unnamed.length === 0 ? [] : [`in the shards, though ${index.name} does not name it: ${short(unnamed)}`];
  return { stored: [...tensors.values()], notes };
}

function requireNamed(stored: readonly StoredTensor[], { weightMap, shards }: Index, namedBy: string): void {
  const places = new Set(stored.map((tensor) => `${shardOf(tensor)} ${tensor.name}`));
  for (const shard of shards) {
    const named = [...weightMap].filter(([, place]) => place === shard).map(([tensor]) => tensor);
    const absent = named.filter((tensor) => !places.has(`${shard} ${tensor}`));
    if (absent.length > 0) throw new ConfigError(`${namedBy}: ${shard} should have ${short(absent)}, and has not`);
  }
}

function shardOf({ file }: StoredTensor): string {
  return basename(file.path);
}

function short(names: readonly string[]): string {
  return `${names.slice(0, 10).join(', ')}${names.length > 10 ? ` and ${names.length - 10} more` : ''}`;
}
