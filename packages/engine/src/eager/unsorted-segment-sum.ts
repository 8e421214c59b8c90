import { sizeOf } from '@attune/graph';
import * as tf from '@tensorflow/tfjs-core';

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
