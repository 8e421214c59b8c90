import * as tf from '@tensorflow/tfjs';

/**
 * Registers on a backend every kernel that only the cpu backend has: inputs are read, computed in JavaScript and
 * written back. Slow, but these are few: on wasm UnsortedSegmentSum (the gradient of an embedding) and the like.
 *
 * @returns the names registered
 */
export function registerCpuFallbacks(backendName: string): string[] {
  const present = new Set(tf.getKernelsForBackend(backendName).map(({ kernelName }) => kernelName));
  const missing = tf.getKernelsForBackend('cpu').filter(({ kernelName }) => !present.has(kernelName));
  for (const { kernelName, kernelFunc } of missing) {
    tf.registerKernel({ kernelName, backendName, kernelFunc: onCpu(kernelFunc) });
  }
  return missing.map(({ kernelName }) => kernelName);
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
