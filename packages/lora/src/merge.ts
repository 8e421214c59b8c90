import { ConfigError, type HostTensor, type HostTensors, type ProjectionSpec } from '@attune/core';
import { loraNames } from './lora-parameters.ts';

export interface MergeCall {
  readonly values: HostTensors;
  readonly targets: readonly ProjectionSpec[];
  readonly scaling: number;
}

/** Folds the factors into the weights, W + scaling · B A, and leaves the factors out of the result. */
export function mergeLora({ values, targets, scaling }: MergeCall): HostTensors {
  const merged = new Map(values);
  for (const { name } of targets) {
    const { loraA, loraB } = loraNames(name);
    const weight = `${name}.weight`;
    merged.set(
      weight,
      updated({ weight: take(values, weight), loraA: take(values, loraA), loraB: take(values, loraB), scaling }),
    );
    merged.delete(loraA);
    merged.delete(loraB);
  }
  return merged;
}

interface Factors {
  /** W [outputSize, inputSize] */
  readonly weight: HostTensor;
  readonly loraA: HostTensor;
  readonly loraB: HostTensor;
  readonly scaling: number;
}

function updated({ weight, loraA, loraB, scaling }: Factors): HostTensor {
  const [rank = 0, inputSize = 0] = loraA.shape;
  const data = Float32Array.from(weight.data);
  for (let index = 0; index < data.length; index += 1) {
    const row = Math.floor(index / inputSize);
    const column = index % inputSize;
    let sum = 0;
    for (let inner = 0; inner < rank; inner += 1) {
      sum += loraB.data[row * rank + inner]! * loraA.data[inner * inputSize + column]!;
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
