import { type HostTensor, type HostTensors, hostTensor, ShapeError, type Tensors } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';

/** A tensor on the current TensorFlow.js backend. Own it: dispose it, or make it inside `tf.tidy`. */
export function toTensor(host: HostTensor): tf.Tensor {
  return tf.tensor(host.data, [...host.shape], host.dtype);
}

/**
 * Host tensors as tensors of the present TensorFlow.js backend, under the same names. Dispose them, or call it in
 * `tf.tidy`.
 */
export function toTensors(hosts: HostTensors): Tensors {
  return new Map([...hosts].map(([name, host]) => [name, toTensor(host)]));
}

/**
 * A copy in host memory. Not for use inside a step, where reading a value is an error of tracing.
 *
 * @throws ShapeError when the dtype is neither float32 nor int32
 */
export function fromTensor(tensor: tf.Tensor): HostTensor {
  if (tensor.dtype !== 'float32' && tensor.dtype !== 'int32') {
    throw new ShapeError(`host tensor: expected float32 or int32, got ${tensor.dtype}; cast it first`);
  }
  return hostTensor(tensor.shape, tensor.dataSync<'float32' | 'int32'>().slice());
}
