import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { DType } from '../dtype.ts';
import type { ConstantData, ValueInfo } from '../graph.ts';
import type { RunKernel } from './evaluation-rule.ts';

/** A value of a graph with its content, row-major; bool as bytes 0 and 1. */
export interface HostValue extends ValueInfo {
  readonly data: ConstantData;
}

/** Runs kernels of TensorFlow.js's cpu backend by themselves: no tensor is made, no backend becomes active. */
export function onCpu(
  inputs: readonly HostValue[],
  compute: (tensors: readonly tf.TensorInfo[], run: RunKernel) => readonly tf.TensorInfo[],
): HostValue[] {
  const backend = tf.engine().findBackend('cpu') as tf.KernelBackend & { firstUse?: boolean };
  // It greets its first user with an advertisement for tfjs-node.
  backend.firstUse = false;
  const held: object[] = [];
  const hold = (tensor: tf.TensorInfo): tf.TensorInfo => {
    held.push(tensor.dataId);
    return tensor;
  };
  const run: RunKernel = (kernel, named, attributes = {}) => {
    const call = { inputs: named as tf.NamedTensorInfoMap, backend, attrs: attributes as tf.NamedAttrMap };
    return [tf.getKernel(kernel, 'cpu').kernelFunc(call)].flat().map(hold);
  };
  const tensors = inputs.map(({ data, shape, dtype }) =>
    hold({ dataId: backend.write(data, [...shape], dtype), shape: [...shape], dtype }),
  );
  const results = compute(tensors, run).map(({ dataId, shape, dtype }) => ({
    shape: [...shape],
    dtype: dtype as DType,
    data: typed(backend.readSync(dataId) as ArrayLike<number>, dtype as DType),
  }));
  for (const dataId of held) {
    backend.disposeData(dataId);
  }
  return results;
}

/** Some kernels leave an empty result as a plain array. */
function typed(values: ArrayLike<number>, dtype: DType): ConstantData {
  const types = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
  return values instanceof types[dtype] ? values : types[dtype].from(values);
}
