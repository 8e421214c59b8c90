import type * as tf from '@tensorflow/tfjs-core';

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
