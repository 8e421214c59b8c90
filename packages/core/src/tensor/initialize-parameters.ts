import type { Initializer, ParameterSpec } from '../contracts/model.ts';
import type { HostTensor, HostTensors } from '../contracts/tensors.ts';
import type { RandomSource } from '../random/random-source.ts';
import { elementCount, hostTensor } from './host-tensor.ts';

/**
 * Initial values of parameters. Each draws from its own fork, `random.fork(name)`, so adding or reordering
 * parameters leaves the others' values as they are.
 */
export function initializeParameters(specs: readonly ParameterSpec[], random: RandomSource): HostTensors {
  return new Map(specs.map((spec) => [spec.name, initializeParameter(spec, random)]));
}

function initializeParameter(spec: ParameterSpec, random: RandomSource): HostTensor {
  const next = sampler(spec.initializer, random.fork(spec.name));
  const data = new Float32Array(elementCount(spec.shape));
  for (let index = 0; index < data.length; index++) data[index] = next();
  return hostTensor(spec.shape, data);
}

function sampler(initializer: Initializer, random: RandomSource): () => number {
  switch (initializer.kind) {
    case 'zeros':
      return () => 0;
    case 'ones':
      return () => 1;
    case 'normal':
      return () => random.normal() * initializer.stddev;
    case 'uniform':
      return () => (2 * random.uniform() - 1) * initializer.bound;
    default:
      return initializer satisfies never;
  }
}

/** Number of scalar parameters, of all specs or of those the predicate picks. */
export function countParameters(
  specs: readonly ParameterSpec[],
  predicate: (spec: ParameterSpec) => boolean = () => true,
): number {
  return specs.filter(predicate).reduce((total, spec) => total + elementCount(spec.shape), 0);
}
