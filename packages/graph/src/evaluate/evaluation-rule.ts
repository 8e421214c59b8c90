import type * as tf from '@tensorflow/tfjs-core';
import type { ValueInfo } from '../graph.ts';
import type { KernelAttributes, KernelName } from '../kernels.ts';

/** One node about to be computed. */
export interface EvaluationCall<K extends KernelName> {
  readonly inputs: readonly tf.TensorInfo[];
  readonly attributes: KernelAttributes[K];
  readonly outputs: readonly ValueInfo[];
  /** Runs a kernel of TensorFlow.js on its cpu backend; intermediate results are freed with the node. */
  readonly run: RunKernel;
}

export type RunKernel = (
  kernel: string,
  inputs: Readonly<Record<string, tf.TensorInfo>> | readonly tf.TensorInfo[],
  attributes?: object,
) => readonly tf.TensorInfo[];

/** The inverse of an adapter: a node as the kernel calls of TensorFlow.js that compute it. */
export type EvaluationRule<K extends KernelName> = (call: EvaluationCall<K>) => readonly tf.TensorInfo[];

/** x repeated to a shape that it broadcasts to. */
export function broadcastTo(run: RunKernel, x: tf.TensorInfo, shape: readonly number[]): tf.TensorInfo {
  if (x.shape.length === shape.length && x.shape.every((size, axis) => size === shape[axis])) {
    return x;
  }
  const aligned = [...Array<number>(shape.length - x.shape.length).fill(1), ...x.shape];
  const [reshaped] = run('Reshape', { x }, { shape: aligned });
  const reps = shape.map((size, axis) => (aligned[axis] === size ? 1 : size));
  return run('Tile', { x: reshaped! }, { reps })[0]!;
}
