import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

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
