import * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors, Tensors } from '../contracts/tensors.ts';
import { ShapeError } from '../errors.ts';

/** Product of the dimensions; 1 for a scalar's []. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * A tensor in host memory over the given data, without a copy; the dtype follows the array.
 *
 * @throws ShapeError when the array's length is not the product of the shape
 */
export function hostTensor(shape: readonly number[], data: Float32Array | Int32Array): HostTensor {
  if (data.length !== elementCount(shape)) {
    throw new ShapeError(
      `host tensor: shape [${shape.join(', ')}] needs ${elementCount(shape)} values, got ${data.length}`,
    );
  }
  return { dtype: data instanceof Float32Array ? 'float32' : 'int32', shape: [...shape], data };
}

/** A float32 tensor from plain numbers. */
export function floatTensor(shape: readonly number[], values: readonly number[]): HostTensor {
  return hostTensor(shape, Float32Array.from(values));
}

/** An int32 tensor from plain numbers. */
export function intTensor(shape: readonly number[], values: readonly number[]): HostTensor {
  return hostTensor(shape, Int32Array.from(values));
}

export function zerosTensor(shape: readonly number[], dtype: HostTensor['dtype'] = 'float32'): HostTensor {
  const size = elementCount(shape);
  return hostTensor(shape, dtype === 'float32' ? new Float32Array(size) : new Int32Array(size));
}

/** A deep copy: writing to one leaves the other as it is. */
export function cloneTensor(tensor: HostTensor): HostTensor {
  return { dtype: tensor.dtype, shape: [...tensor.shape], data: tensor.data.slice() };
}

export function cloneTensors(tensors: HostTensors): HostTensors {
  return new Map([...tensors].map(([name, tensor]) => [name, cloneTensor(tensor)]));
}

/** A tensor on the current TensorFlow.js backend. Own it: dispose it, or make it inside `tf.tidy`. */
export function toTensor(host: HostTensor): tf.Tensor {
  return tf.tensor(host.data, [...host.shape], host.dtype);
}

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
