import { ConfigError } from '@attune/base';
import type { Model, ModelConfig, ModelFamily, ParameterAlias } from '@attune/core';
import type { StoredTensor } from '../../stored-tensor.ts';
import { sameValues } from './same-values.ts';

/** A checkpoint's tensors, and the model that its config.json describes. */
export interface NamedTensors {
  readonly model: Model;
  readonly config: ModelConfig;
  /** By the parameters' names here. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/**
 * Stored tensors by the parameters' names, one for each.
 *
 * @throws ConfigError when one parameter has two tensors that differ
 */
export async function byCanonicalName(
  stored: readonly StoredTensor[],
  family: Pick<ModelFamily, 'canonicalName' | 'isBuffer'>,
  directory: string,
): Promise<Map<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>();
  for (const tensor of stored) {
    const canonical = family.canonicalName(tensor.name);
    if (family.isBuffer?.(canonical)) continue;
    const other = tensors.get(canonical);
    // Nothing says which of two is meant.
    if (other !== undefined && !(await sameValues(other, tensor))) {
      throw new ConfigError(
        `${directory}: ${canonical} is stored twice with different values, as ${other.name} and as ${tensor.name}; ` +
          'keep one of them',
      );
    }
    tensors.set(canonical, tensor);
  }
  return tensors;
}

/**
 * Puts what is stored under a parameter's second name in its place, as the reference implementation does: either name
 * of a tied tensor is enough; two that differ are not tied, whatever config.json says; of two biases of one decoder the
 * decoder's own is read. The model is another one where the weights are not tied.
 */
export async function resolveAliases(
  named: NamedTensors,
  family: Pick<ModelFamily, 'create'>,
  directory: string,
): Promise<NamedTensors & { readonly notes: readonly string[] }> {
  const tensors = new Map(named.tensors);
  const notes: string[] = [];
  for (const pair of named.model.aliases) {
    const other = tensors.get(pair.alias);
    if (other === undefined) {
      notes.push(...lonelyBias(pair, tensors));
      continue;
    }
    const own = tensors.get(pair.name);
    if (own !== undefined && !(await sameValues(own, other))) {
      const untied = untiedModel(named.config, family, directory);
      if (untied.model.parameters.some(({ name }) => name === pair.alias)) {
        const resolved = await resolveAliases({ ...untied, tensors }, family, directory);
        return { ...resolved, notes: [...notes, untiedNote(pair), ...resolved.notes] };
      }
      notes.push(`not used by the model: ${pair.name}; the decoder has a bias of its own, ${pair.alias}`);
    }
    tensors.delete(pair.alias);
    tensors.set(pair.name, other);
  }
  return { ...named, tensors, notes };
}

function untiedModel(config: ModelConfig, family: Pick<ModelFamily, 'create'>, directory: string) {
  return family.create({ ...config, tie_word_embeddings: false }, directory);
}

function untiedNote({ alias, name }: ParameterAlias): string {
  return `${alias} and ${name} differ, so they are not tied, although config.json says tie_word_embeddings`;
}

/** Files of an untied head from before transformers 5 have the bias beside the decoder alone, which 5 does not read. */
function lonelyBias({ alias, name, isTied }: ParameterAlias, tensors: ReadonlyMap<string, StoredTensor>): string[] {
  if (isTied || !tensors.has(name)) return [];
  return [`${name} is taken for ${alias}, which is not in the checkpoint; transformers 5 starts that from 0`];
}
