import {
  ConfigError,
  type HostTensor,
  type HostTensors,
  hostTensor,
  nearestNames,
  type RandomSource,
  sizeOf,
  type Tensors,
} from '@attune/base';
import type * as tf from '@tensorflow/tfjs-core';
import type { Initializer, ParameterRole, ParameterSpec } from '../../contracts/model.ts';

/** @throws ConfigError when the map has no such name; nearest names are offered */
export function parameter<T extends tf.Tensor>(parameters: Tensors, name: string): T {
  const tensor = parameters.get(name);
  if (tensor === undefined) {
    const near = nearestNames(name, [...parameters.keys()]);
    const hint = near.length === 0 ? '' : `; the nearest names there are ${near.join(', ')}`;
    throw new ConfigError(`parameter map: no "${name}" among ${parameters.size} tensors${hint}`);
  }
  return tensor as T;
}

/** Where in a model a parameter belongs. */
export interface Place {
  readonly role: ParameterRole;
  readonly layer?: number;
}

/** One matrix or table, which weight decay applies to. */
export function tableSpec(
  name: string,
  shape: readonly number[],
  initializer: Initializer,
  place: Place,
): ParameterSpec {
  return { name, shape, initializer, decay: true, ...place };
}

/** One vector, which weight decay leaves alone. */
export function vectorSpec(name: string, size: number, kind: 'zeros' | 'ones', place: Place): ParameterSpec {
  return { name, shape: [size], initializer: { kind }, decay: false, ...place };
}

/** Weight [outputSize, inputSize] and bias of a linear layer. */
export function denseSpecs(
  name: string,
  shape: readonly [outputSize: number, inputSize: number],
  initializer: Initializer,
  place: Place,
): ParameterSpec[] {
  return [tableSpec(`${name}.weight`, shape, initializer, place), vectorSpec(`${name}.bias`, shape[0], 'zeros', place)];
}

/** Weight and bias of a layer norm. */
export function normSpecs(name: string, size: number, place: Place): ParameterSpec[] {
  return [vectorSpec(`${name}.weight`, size, 'ones', place), vectorSpec(`${name}.bias`, size, 'zeros', place)];
}

/**
 * Initial values of parameters. Each draws from its own fork, `random.fork(name)`, so adding or reordering
 * parameters leaves the others' values as they are.
 */
export function initializeParameters(specs: readonly ParameterSpec[], random: RandomSource): HostTensors {
  return new Map(specs.map((spec) => [spec.name, initializeParameter(spec, random)]));
}

function initializeParameter(spec: ParameterSpec, random: RandomSource): HostTensor {
  const next = sampler(spec.initializer, random.fork(spec.name));
  const data = new Float32Array(sizeOf(spec.shape));
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
  return specs.filter(predicate).reduce((total, spec) => total + sizeOf(spec.shape), 0);
}
