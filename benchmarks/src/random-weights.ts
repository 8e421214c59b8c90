import { type HostTensors, hostTensor, type RandomSource } from '@attune/base';
import type { ParameterSpec } from '@attune/core';

/**
 * Values for every spec, of the spread its initialiser has but uniform, which draws ten times faster than normal. Ones
 * and zeros are moved by up to 0.1: a fresh bias or a fresh B of LoRA would hide errors in what it multiplies.
 */
export function randomWeights(specs: readonly ParameterSpec[], random: RandomSource): HostTensors {
  return new Map(specs.map((spec) => [spec.name, randomWeight(spec, random.fork(spec.name))]));
}

function randomWeight({ shape, initializer }: ParameterSpec, random: RandomSource) {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const center = initializer.kind === 'ones' ? 1 : 0;
  const bound = boundOf(initializer);
  for (let index = 0; index < data.length; index++) data[index] = center + bound * (2 * random.uniform() - 1);
  return hostTensor(shape, data);
}

function boundOf(initializer: ParameterSpec['initializer']): number {
  if (initializer.kind === 'normal') return Math.min(0.1, initializer.stddev * Math.sqrt(3));
  return initializer.kind === 'uniform' ? initializer.bound : 0.1;
}
