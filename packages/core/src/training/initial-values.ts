import type { ParameterSpec } from '../contracts/model.ts';
import type { HostTensor, HostTensors } from '../contracts/tensors.ts';
import { ConfigError } from '../errors.ts';
import type { RandomSource } from '../random/random-source.ts';
import { initializeParameters } from '../tensor/initialize-parameters.ts';

/**
 * Values of the given parameters, in their order. The head's are drawn, each from its own fork of the source, unless
 * they are among the values.
 *
 * @param head  specs that may be missing from `values`
 * @throws ConfigError listing every value that is missing or of another shape
 */
export function initialValues(call: {
  readonly specs: readonly ParameterSpec[];
  readonly head: readonly ParameterSpec[];
  readonly values: HostTensors;
  readonly random: RandomSource;
}): HostTensors {
  const missing = call.head.filter(({ name }) => !call.values.has(name));
  const values = new Map([...call.values, ...initializeParameters(missing, call.random)]);
  const problems = call.specs.flatMap((spec) => problemsOf(spec, values.get(spec.name)));
  if (problems.length > 0) throw new ConfigError(`initial values do not fit the model:\n${problems.join('\n')}`);
  return new Map(call.specs.map(({ name }) => [name, values.get(name)!]));
}

function problemsOf({ name, shape }: ParameterSpec, value: HostTensor | undefined): string[] {
  if (value === undefined) return [`${name}: expected [${shape.join(', ')}], got nothing`];
  if (value.shape.join() === shape.join()) return [];
  return [`${name}: expected [${shape.join(', ')}], got [${value.shape.join(', ')}]`];
}
