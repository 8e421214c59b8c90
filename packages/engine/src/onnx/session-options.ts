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
    // Fusing is done before, see `fuse`; higher levels make sessions slower to open and steps no faster.
    graphOptimizationLevel: 'basic',
    logSeverityLevel: 3,
    enableMemPattern: false,
    // Waiting threads spin within a run and stop with it: between the small operators of a step that is faster than to
    // sleep and be woken, and what runs between steps has all cores.
    extra: { session: { intra_op: { allow_spinning: threads > 1 ? '1' : '0' }, force_spinning_stop: '1' } },
  };
}
