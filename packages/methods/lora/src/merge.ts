import { ConfigError, type HostTensor, type HostTensors } from '@attune/base';
import type { ProjectionSpec } from '@attune/core';
import { loraNames } from './lora-linear.ts';

/** All values, factors among them, and the projections to fold them into. */
interface MergeCall {
  readonly values: HostTensors;
  readonly targets: readonly ProjectionSpec[];
  readonly scaling: number;
}

/** Folds the factors into the weights, W + scaling · B A, whichever way they are stored; and leaves the factors out. */
export function mergeLora({ values, targets, scaling }: MergeCall): HostTensors {
  const merged = new Map(values);
  for (const { name, fanInFanOut = false } of targets) {
    const { loraA, loraB } = loraNames(name);
    const weight = `${name}.weight`;
    const factors = { loraA: take(values, loraA), loraB: take(values, loraB), scaling, fanInFanOut };
    merged.set(weight, updated({ weight: take(values, weight), ...factors }));
    merged.delete(loraA);
    merged.delete(loraB);
  }
  return merged;
}

interface Factors {
  /** W [outputSize, inputSize], or the other way round when `fanInFanOut` */
  readonly weight: HostTensor;
  readonly fanInFanOut: boolean;
  readonly loraA: HostTensor;
  readonly loraB: HostTensor;
  readonly scaling: number;
}

function updated({ weight, fanInFanOut, loraA, loraB, scaling }: Factors): HostTensor {
  const [rank = 0, inputSize = 0] = loraA.shape;
  const [, columns = 0] = weight.shape;
  const data = Float32Array.from(weight.data);
  for (let index = 0; index < data.length; index += 1) {
    const place = [Math.floor(index / columns), index % columns] as const;
    const [output, input] = fanInFanOut ? [place[1], place[0]] : place;
    let sum = 0;
    for (let inner = 0; inner < rank; inner += 1) {
      sum += loraB.data[output * rank + inner]! * loraA.data[inner * inputSize + input]!;
    }
    data[index] = data[index]! + scaling * sum;
  }
  return { ...weight, data };
}

function take(values: HostTensors, name: string): HostTensor {
  const value = values.get(name);
  if (value === undefined) throw new ConfigError(`lora: merge: expected a tensor "${name}", got none`);
  return value;
}
