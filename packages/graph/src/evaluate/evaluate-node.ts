import * as tf from '@tensorflow/tfjs';
import type { DType } from '../dtype.ts';
import type { ConstantData, GraphNode, ValueInfo } from '../graph.ts';
import type { KernelName } from '../kernels.ts';
import type { KernelRule } from '../rules/kernel-rule.ts';
import { kernelRules } from '../rules/kernel-rules.ts';
import type { EvaluationRule, RunKernel } from './evaluation-rule.ts';
import { evaluationRules } from './evaluation-rules.ts';

/** A value of a graph with its content, row-major; bool as bytes 0 and 1. */
export interface HostValue extends ValueInfo {
  readonly data: ConstantData;
}

/**
 * Computes one node in JavaScript, by TensorFlow.js's cpu kernels, whichever backend is active; tensors that exist
 * are not touched. Its sums are in float64 in the order of the elements, so other engines differ in the last digits.
 */
export function evaluateNode(
  { kernel, attributes }: Pick<GraphNode, 'kernel' | 'attributes'>,
  inputs: readonly HostValue[],
): HostValue[] {
  // The tables pair each kernel with its own attributes; a union of rules loses that pairing.
  const outputs = (kernelRules[kernel] as unknown as KernelRule<KernelName>).infer({ inputs, attributes });
  const evaluate = evaluationRules[kernel] as unknown as EvaluationRule<KernelName>;
  return onCpu(inputs, (tensors, run) => evaluate({ inputs: tensors, attributes, outputs, run }));
}

function onCpu(
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
