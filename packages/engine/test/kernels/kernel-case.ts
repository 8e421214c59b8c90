import type { HostTensor } from '@attune/base';
import type * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';

/** A function that uses a kernel, and inputs for it. */
export interface Sample {
  readonly inputs: readonly HostTensor[];
  readonly fn: (...x: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
}

export type KernelCase = fc.Arbitrary<Sample>;

/** Inputs of an arbitrary, one or several, given to one function. */
export function sample(inputs: fc.Arbitrary<HostTensor | readonly HostTensor[]>, fn: Sample['fn']): KernelCase {
  return inputs.map((given) => ({ inputs: [given].flat() as HostTensor[], fn }));
}

/** One of several cases, each as often. */
export const either = (...cases: readonly KernelCase[]): KernelCase => fc.oneof(...cases);
