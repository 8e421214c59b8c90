import '@tensorflow/tfjs-backend-cpu';
import { sizeOf } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Graph, GraphNode } from './graph.ts';
import type { RunKernel } from './kernels/kernel.ts';
import { kernelOf } from './kernels/kernels.ts';
import { infoText } from './print-graph.ts';
import type { ConstantData, DType, HostValue, ValueId } from './values.ts';

/**
 * Computes a graph node by node in JavaScript: the meaning that every pass keeps. Slow; for tests and for folding.
 *
 * @param inputs  content of each of the graph's inputs by name; others are ignored
 * @returns       outputs by name
 * @throws RangeError when an input is missing or has another number of elements than its shape
 */
export function evaluateGraph(graph: Graph, inputs: ReadonlyMap<string, ConstantData>): Map<string, HostValue> {
  const values = new Map<ValueId, HostValue>();
  for (const { value, data } of graph.constants) {
    values.set(value, { ...graph.values[value]!, data });
  }
  for (const { name, value } of graph.inputs) {
    const info = graph.values[value]!;
    const data = inputs.get(name);
    if (data?.length !== sizeOf(info.shape)) {
      throw new RangeError(`evaluate: input "${name}" is ${infoText(info)}, got ${data?.length ?? 'no'} elements`);
    }
    values.set(value, { ...info, data });
  }
  for (const node of graph.nodes) {
    const results = evaluateNode(
      node,
      node.inputs.map((value) => values.get(value)!),
    );
    for (const [index, value] of node.outputs.entries()) {
      values.set(value, results[index]!);
    }
  }
  return new Map(graph.outputs.map(({ name, value }) => [name, values.get(value)!]));
}

/**
 * Computes one node in JavaScript, by TensorFlow.js's cpu kernels, whichever backend is active; tensors that exist
 * are not touched. Its sums are in float64 in the order of the elements, so other engines differ in the last digits.
 */
export function evaluateNode(
  { kernel, attributes }: Pick<GraphNode, 'kernel' | 'attributes'>,
  inputs: readonly HostValue[],
): HostValue[] {
  const { infer, evaluate } = kernelOf({ kernel });
  const outputs = infer({ inputs, attributes });
  return runOnCpu(inputs, (tensors, run) =>
    evaluate({
      ...{ inputs: tensors, attributes, outputs, run },
      runOwn: (named, given) => run(kernel, named, given),
    }),
  );
}

/** Runs kernels of TensorFlow.js's cpu backend by themselves: no tensor is made, no backend becomes active. */
export function runOnCpu(
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
