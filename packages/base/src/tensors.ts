import { bytesToHex } from '@noble/hashes/utils.js';
import type * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from './errors.ts';
import { sha256 } from './sha256.ts';

/** A tensor in host memory: the only thing that crosses an engine's border. Row-major. */
export interface HostTensor {
  readonly dtype: 'float32' | 'int32';
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** Values in host memory by name: parameters, state or a batch. */
export type HostTensors = ReadonlyMap<string, HostTensor>;

/** Named tensors inside a step. Names are checkpoint names for parameters. */
export type Tensors = ReadonlyMap<string, tf.Tensor>;

/** Product of the dimensions; 1 for a scalar's []. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * A tensor in host memory over the given data, without a copy; the dtype follows the array.
 *
 * @throws ShapeError when the array's length is not the product of the shape
 */
export function hostTensor(shape: readonly number[], data: Float32Array | Int32Array): HostTensor {
  if (data.length !== sizeOf(shape)) {
    throw new ShapeError(`host tensor: shape [${shape.join(', ')}] needs ${sizeOf(shape)} values, got ${data.length}`);
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
  const size = sizeOf(shape);
  return hostTensor(shape, dtype === 'float32' ? new Float32Array(size) : new Int32Array(size));
}

/** A deep copy: writing to one leaves the other as it is. */
export function cloneTensor(tensor: HostTensor): HostTensor {
  return { dtype: tensor.dtype, shape: [...tensor.shape], data: tensor.data.slice() };
}

export function cloneTensors(tensors: HostTensors): HostTensors {
  return new Map([...tensors].map(([name, tensor]) => [name, cloneTensor(tensor)]));
}

/**
 * SHA-256, in hexadecimal, over names, dtypes, shapes and values of tensors in name order: equal exactly when all
 * of them are equal bit by bit. The order of the map does not matter.
 */
export function hashTensors(tensors: HostTensors): string {
  const hash = sha256();
  for (const name of [...tensors.keys()].sort()) {
    const { dtype, shape, data } = tensors.get(name)!;
    // JSON ends where the values begin, and the shape says how many follow: no two maps give the same bytes.
    hash.update(JSON.stringify([name, dtype, shape]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return bytesToHex(hash.digest());
}
