import type * as ort from 'onnxruntime-node';
import type { OnnxDevice } from './onnx-engine-options.ts';

/**
 * How an engine's sessions run. On a device other than the CPU, operators that the device lacks run on the CPU, as
 * ONNX Runtime does it; that the device itself works was checked before, see `checkDevice`.
 */
export function sessionOptions(threads: number, device: OnnxDevice): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Threads that spin while they wait take the cores from other workers: with two threads on two busy cores a
    // step of 30 ms took 90 ms with spinning.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}
