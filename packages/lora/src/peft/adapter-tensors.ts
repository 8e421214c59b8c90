import { ConfigError, type HostTensor, type HostTensors } from '@attune/core';

const prefix = 'base_model.model.';

/** Tensors under the names of `adapter_model.safetensors`. */
export function toPeftNames(tensors: HostTensors): HostTensors {
  return new Map([...tensors].map(([name, tensor]) => [`${prefix}${name}`, tensor]));
}

/** A name of `adapter_model.safetensors` as it is here. */
export function fromPeftName(name: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** Expected shape by name; a `null` dimension may have any size. */
export type ExpectedShapes = ReadonlyMap<string, readonly (number | null)[]>;

/**
 * Tensors of `adapter_model.safetensors` under our names, exactly those expected.
 *
 * @throws ConfigError listing every missing, unexpected and mis-shaped tensor
 */
export function fromPeftNames(tensors: HostTensors, expected: ExpectedShapes, where: string): HostTensors {
  const problems = [
    ...[...expected].flatMap(([name, shape]) => shapeProblem(name, shape, tensors.get(`${prefix}${name}`))),
    ...[...tensors.keys()]
      .filter((name) => !(name.startsWith(prefix) && expected.has(name.slice(prefix.length))))
      .map((name) => `unexpected ${name}`),
  ];
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => `${where}: ${problem}`).join('\n'));
  return new Map([...expected.keys()].map((name) => [name, tensors.get(`${prefix}${name}`)!]));
}

function shapeProblem(name: string, shape: readonly (number | null)[], given: HostTensor | undefined): string[] {
  const wanted = `[${shape.map((size) => size ?? 'any').join(', ')}]`;
  if (given === undefined) return [`missing ${prefix}${name} ${wanted}`];
  const fits =
    given.shape.length === shape.length &&
    shape.every((size, axis) => (size ?? given.shape[axis]) === given.shape[axis]);
  return fits ? [] : [`mis-shaped ${prefix}${name}: expected ${wanted}, got [${given.shape.join(', ')}]`];
}
