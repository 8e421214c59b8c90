import { floatTensor, type HostTensor, type HostTensors, randomSource, sizeOf, type Tensors } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import { fromTensor, toTensor } from '../src/device-tensors.ts';

/** For values that are rounded a few times. */
export const exact = { relative: 1e-6, absolute: 1e-6 };

export function randomTensor(shape: readonly number[], name: string): HostTensor {
  const random = randomSource(11).fork(name);
  return floatTensor(
    shape,
    Array.from({ length: sizeOf(shape) }, () => random.normal()),
  );
}

export function randomTensors(shapes: Readonly<Record<string, readonly number[]>>): HostTensors {
  return new Map(Object.entries(shapes).map(([name, shape]) => [name, randomTensor(shape, name)]));
}

/** A random weighting of a layer's output: errors at different places cannot cancel. */
export function weighted(output: tf.Tensor): tf.Scalar {
  return tf.sum(tf.mul(output, toTensor(randomTensor(output.shape, 'weighting'))));
}

export function compute(run: () => tf.Tensor): HostTensor {
  const output = tf.tidy(run);
  const host = fromTensor(output);
  output.dispose();
  return host;
}

export const taken = <T extends tf.Tensor>(tensors: Tensors, name: string): T => tensors.get(name) as T;
