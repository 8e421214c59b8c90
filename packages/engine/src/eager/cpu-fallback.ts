import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { sizeOf } from '@attune/base';

/**
 * Sums the slices of x that have the same segment id, in order of appearance. The cpu backend's own kernel makes
 * one pass over x for each segment, which for an embedding means one for each word of the vocabulary.
 */
export function registerUnsortedSegmentSum(backendName: string): void {
  tf.unregisterKernel('UnsortedSegmentSum', backendName);
  tf.registerKernel({ kernelName: 'UnsortedSegmentSum', backendName, kernelFunc: unsortedSegmentSum });
}

function unsortedSegmentSum({ inputs, backend, attrs }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo {
  const owner = backend as tf.KernelBackend;
  const [x, segmentIds] = [inputs.x!, inputs.segmentIds!];
  const numSegments = attrs?.numSegments as number;
  const ids = owner.readSync(segmentIds.dataId) as Int32Array;
  const values = owner.readSync(x.dataId) as Float32Array | Int32Array;
  const inner = x.shape.slice(segmentIds.shape.length);
  const width = sizeOf(inner);
  const shape = [numSegments, ...inner];
  const sums = x.dtype === 'float32' ? new Float32Array(sizeOf(shape)) : new Int32Array(sizeOf(shape));
  for (const [row, id] of ids.entries()) {
    // An id outside is dropped, as the cpu backend does.
    if (id >= 0 && id < numSegments) {
      addRow(sums, id * width, values, row * width, width);
    }
  }
  return { dataId: owner.write(sums, shape, x.dtype), shape, dtype: x.dtype };
}

function addRow(
  sums: Float32Array | Int32Array,
  at: number,
  values: Float32Array | Int32Array,
  from: number,
  width: number,
): void {
  for (let column = 0; column < width; column += 1) {
    sums[at + column]! += values[from + column]!;
  }
}

/** Calls of a kernel that a backend gets wrong. */
export type WrongCalls = Readonly<
  Record<string, (inputs: tf.NamedTensorInfoMap, attributes: tf.NamedAttrMap) => boolean>
>;

/**
 * Registers on a backend every kernel that only the cpu backend has: inputs are read, computed in JavaScript and
 * written back. Slow, but these are few: on wasm UnsortedSegmentSum (the gradient of an embedding) and the like.
 *
 * @param wrong  calls of kernels that the backend has, to be computed in JavaScript as well
 */
export function registerCpuFallbacks(backendName: string, wrong: WrongCalls = {}): void {
  silenceFirstUse();
  const present = new Map(tf.getKernelsForBackend(backendName).map((config) => [config.kernelName, config]));
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend('cpu')) {
    const own = present.get(kernelName);
    const isWrong = wrong[kernelName];
    const fallback = onCpu(kernelFunc);
    if (own === undefined) {
      tf.registerKernel({ kernelName, backendName, kernelFunc: fallback });
    } else if (isWrong !== undefined) {
      tf.unregisterKernel(kernelName, backendName);
      const corrected: tf.KernelFunc = (call) =>
        isWrong(call.inputs, call.attrs ?? {}) ? fallback(call) : own.kernelFunc(call);
      tf.registerKernel({ ...own, kernelFunc: corrected });
    }
  }
}

/** The cpu backend greets its first user with an advertisement for tfjs-node. */
function silenceFirstUse(): void {
  const cpu = tf.engine().findBackend('cpu') as tf.KernelBackend & { firstUse?: boolean };
  cpu.firstUse = false;
}

function onCpu(kernelFunc: tf.KernelFunc): tf.KernelFunc {
  return ({ inputs, backend, attrs }) => {
    const owner = backend as tf.KernelBackend;
    const cpu = tf.engine().findBackend('cpu');
    const toCpu = (info: tf.TensorInfo): tf.TensorInfo => {
      const values = owner.readSync(info.dataId);
      return { ...info, dataId: cpu.write(values, info.shape, info.dtype) };
    };
    const fromCpu = (info: tf.TensorInfo): tf.TensorInfo => {
      const values = cpu.readSync(info.dataId);
      cpu.disposeData(info.dataId);
      return { ...info, dataId: owner.write(values, info.shape, info.dtype) };
    };
    const copies = copyInputs(inputs, toCpu);
    const result = kernelFunc({ inputs: copies, backend: cpu, ...(attrs === undefined ? {} : { attrs }) });
    const outputs = Array.isArray(result) ? result.map(fromCpu) : fromCpu(result);
    for (const copy of Object.values(copies)) {
      if (copy !== undefined) {
        cpu.disposeData(copy.dataId, true);
      }
    }
    return outputs;
  };
}

/** Inputs are named, or a list for kernels that take any number. */
function copyInputs(
  inputs: tf.NamedTensorInfoMap,
  copy: (info: tf.TensorInfo) => tf.TensorInfo,
): tf.NamedTensorInfoMap {
  const copies: tf.NamedTensorInfoMap = Array.isArray(inputs) ? ([] as unknown as tf.NamedTensorInfoMap) : {};
  for (const [name, info] of Object.entries(inputs)) {
    copies[name] = info === undefined || info === null ? undefined : copy(info);
  }
  return copies;
}
