import {
  ConfigError,
  type HostTensor,
  type HostTensors,
  type NoiseRequest,
  type NoiseSource,
  ResourceError,
  ShapeError,
  sizeOf,
} from '@attune/base';
import { batchKey } from './trace-step.ts';

/** ONNX Runtime puts what failed, its source file, line and function, and a condition before what helps a reader. */
const preamble = /^(?:.* Status Message: )?\S+\.cc:\d+ .*?(?:\) (?=Failed)| was false\. )/;

/** The function of ONNX Runtime's interface that failed; and Dawn's places in its sources, `at operator() (/x.cpp:368)`. */
const places = /^Ort[A-Z]\w+: |\s+at [^\s(]\S*(?: \(\S+\.(?:cc|cpp|h|mm):\d+\))/g;

/** What a runtime's error message says to a reader, on one line. */
export function runtimesWords(message: string): string {
  return message.trim().replaceAll('\n', ' ').replace(preamble, '').replace(places, '');
}

/** What runtimes say when memory runs out: V8, ONNX Runtime, TensorFlow, CUDA, WebAssembly's own limit of 4 GB. */
const outOfMemory =
  /array buffer allocation failed|invalid typed array length|failed to allocate memory|bad_alloc|out of memory|\bOOM\b|memory access out of bounds/i;

/** What runtimes say when a device is gone: WebGPU and the drivers below it, CUDA. */
const deviceLost =
  /device (is |was |has been )?(lost|removed|hung)|device_(lost|removed|hung)|CUDA (failure|error) \d+|CUDA_ERROR|GPU is lost|no CUDA-capable device/i;

/** What would work where memory ran out; for messages. */
export const memoryAdvice =
  'try a smaller batchSize, a shorter maxLength, fewer --workers, or a machine with more memory';

/** Whether an error of a runtime, or one made of it, says that there was not enough memory. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && outOfMemory.test(error.message);
}

/**
 * Runs a step's work. Memory that runs out and a device that goes away are told with the step, its shapes, the bytes
 * that were asked for where the runtime says so, and what would work; any other error passes as it is.
 *
 * @throws ResourceError
 */
export async function explainFailure<T>(step: string, batch: HostTensors, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw explained(error, batch.size === 0 ? `step "${step}"` : `step "${step}" with ${batchKey(batch)}`);
  }
}

function explained(error: unknown, step: string): unknown {
  if (!(error instanceof Error) || error instanceof ResourceError) {
    return error;
  }
  const words = runtimesWords(error.message);
  if (isOutOfMemory(error)) {
    return new ResourceError(`${step} ran out of memory${bytesAskedFor(error.message)}: ${words}; ${memoryAdvice}`, {
      cause: error,
    });
  }
  if (deviceLost.test(error.message)) {
    const advice =
      'see with "attune doctor" whether it is back, or choose --device cpu, and run the same command again';
    return new ResourceError(`${step} lost its device: ${words}; ${advice}`, { cause: error });
  }
  return error;
}

/** ONNX Runtime says how much it wanted at once, which is the piece that did not fit, not the whole step. */
function bytesAskedFor(message: string): string {
  const bytes = /requested buffer of size (\d+)/.exec(message)?.[1];
  return bytes === undefined ? '' : ` when it asked for ${(Number(bytes) / 1e9).toFixed(2)} GB at once`;
}

/**
 * The mask a step asked for.
 *
 * @throws ConfigError when the step was run without a noise source
 * @throws ShapeError when the source gives another number of elements
 */
export function noiseMask(step: string, request: NoiseRequest, noise: NoiseSource | undefined): HostTensor {
  if (noise === undefined) {
    throw new ConfigError(`step "${step}": needs noise for site "${request.site}"; pass a noise source to run`);
  }
  const data = noise(request);
  const size = sizeOf(request.shape);
  if (data.length !== size) {
    throw new ShapeError(
      `step "${step}": noise for site "${request.site}" needs ${size} elements ` +
        `[${request.shape.join(', ')}], got ${data.length}`,
    );
  }
  return { dtype: 'float32', shape: request.shape, data };
}
