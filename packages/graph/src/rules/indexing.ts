import { sizeOf } from '../graph.ts';
import type { KernelRule } from './kernel-rule.ts';
import { inputAt } from './kernel-rule.ts';
import { moving } from './moving.ts';

/** x [batch..., outer..., axis, inner...] by indices [batch..., k...] = [batch..., outer..., k..., inner...]. */
export const gatherV2 = moving<'GatherV2'>(({ inputs, attributes: { axis, batchDims } }) => {
  const [x, indices] = [inputAt(inputs, 0), inputAt(inputs, 1)];
  return [...x.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...x.shape.slice(axis + 1)];
});

/** x by index tuples in the last axis of indices: [indices.shape[:-1]..., x.shape[tuple:]...]. */
export const gatherNd = moving<'GatherNd'>(({ inputs }) => {
  const [x, indices] = [inputAt(inputs, 0), inputAt(inputs, 1)];
  return [...indices.shape.slice(0, -1), ...x.shape.slice(indices.shape.at(-1) ?? 0)];
});

/** Sums updates into zeros of a shape; inputs are indices, updates. */
export const scatterNd: KernelRule<'ScatterNd'> = {
  infer: ({ inputs, attributes: { shape } }) => [{ shape, dtype: inputAt(inputs, 1).dtype }],
  flops: ({ inputs }) => sizeOf(inputAt(inputs, 1).shape),
};

/** Sums slices of x [segment ids..., inner...] that have the same id: [numSegments, inner...]. */
export const unsortedSegmentSum: KernelRule<'UnsortedSegmentSum'> = {
  infer: ({ inputs, attributes: { numSegments } }) => {
    const [x, segmentIds] = [inputAt(inputs, 0), inputAt(inputs, 1)];
    return [{ shape: [numSegments, ...x.shape.slice(segmentIds.shape.length)], dtype: x.dtype }];
  },
  flops: ({ inputs }) => sizeOf(inputAt(inputs, 0).shape),
};

export const oneHot: KernelRule<'OneHot'> = {
  infer: ({ inputs, attributes: { depth, dtype } }) => [{ shape: [...inputAt(inputs, 0).shape, depth], dtype }],
  flops: () => 0,
};
