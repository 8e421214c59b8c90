import { sizeOf, TraceError } from '@attune/base';
import { callSite } from '../trace/trace-error.ts';
import type { DType } from '../values.ts';
import type { Kernel, None } from './kernel.ts';
import { moving } from './moving.ts';
import {
  anything,
  attribute,
  axisOf,
  checkShape,
  holdsExamples,
  inputAt,
  isCount,
  must,
  named,
  never,
  noFlops,
  plain,
} from './parts.ts';

/** The axis that indices choose from, and leading axes that x and indices share: none, or all before that axis. */
export interface Gather {
  readonly axis: number;
  readonly batchDims: number;
}

/** x [batch..., outer..., axis, inner...] by indices [batch..., k...] = [batch..., outer..., k..., inner...]. */
const gatherV2: Kernel<Gather> = {
  ...moving<Gather>(
    ({ inputs, attributes: { axis, batchDims } }) => {
      const [x, indices] = [inputAt(inputs, 0), inputAt(inputs, 1)];
      return [...x.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...x.shape.slice(axis + 1)];
    },
    {
      check: ({ inputs, attributes: { axis, batchDims } }) => {
        const rank = inputAt(inputs, 0).shape.length;
        return (
          must(isCount(axis) && axis < rank, `axis must be from 0 to ${rank - 1}`) ??
          must(batchDims === 0 || batchDims === axis, 'batchDims must be 0 or equal to axis')
        );
      },
      trace: (call) => {
        const [x, indices] = [call.input('x'), call.input('indices')];
        const axis = axisOf(call, 'axis', call.info(x).shape.length);
        const batchDims = attribute<number | undefined>(call, 'batchDims') ?? 0;
        if (batchDims < 0 || (batchDims > 0 && axis !== batchDims)) {
          throw new TraceError(
            `trace: kernel "GatherV2" with axis ${axis} and batchDims ${batchDims} has no rule${callSite()}; ` +
              'batchDims must be 0 or equal to the axis; transpose x first',
          );
        }
        return call.emit([x, indices], { axis, batchDims });
      },
      evaluate: named('x', 'indices'),
      // Rows of a fixed table by the examples' indices, or fixed places of each example.
      separable: (call) => {
        const { axis, batchDims } = call.attributes;
        const [x, indices] = call.dependences;
        if (!holdsExamples(call)) return false;
        if (x === 'fixed') return axis === 0 && batchDims === 0;
        return batchDims > 0 ? indices === 'example' : indices === 'fixed' && axis > 0;
      },
    },
  ),
  readsPart: true,
};

/** x by index tuples in the last axis of indices: [indices.shape[:-1]..., x.shape[tuple:]...]. */
const gatherNd: Kernel<None> = {
  ...moving<None>(
    ({ inputs }) => {
      const [x, indices] = [inputAt(inputs, 0), inputAt(inputs, 1)];
      return [...indices.shape.slice(0, -1), ...x.shape.slice(indices.shape.at(-1) ?? 0)];
    },
    { check: anything, trace: plain('params', 'indices'), evaluate: named('params', 'indices'), separable: never },
  ),
  readsPart: true,
};

/** Sums updates into zeros of a shape; inputs are indices, updates. */
const scatterNd: Kernel<{ readonly shape: readonly number[] }> = {
  infer: ({ inputs, attributes: { shape } }) => [{ shape, dtype: inputAt(inputs, 1).dtype }],
  flops: ({ inputs }) => sizeOf(inputAt(inputs, 1).shape),
  check: checkShape,
  trace: (call) =>
    call.emit([call.input('indices'), call.input('updates')], { shape: attribute<number[]>(call, 'shape') }),
  evaluate: named('indices', 'updates'),
  separable: never,
};

const tensorScatterUpdate: Kernel<None> = moving<None>(({ inputs }) => inputAt(inputs, 0).shape, {
  check: anything,
  trace: plain('tensor', 'indices', 'updates'),
  // The cpu backend writes the updates into its input, which is therefore copied by a Tile.
  evaluate: ({ inputs, run, runOwn }) => {
    const [tensor, indices, updates] = [inputs[0]!, inputs[1]!, inputs[2]!];
    const [copy] = run('Tile', { x: tensor }, { reps: tensor.shape.map(() => 1) });
    return runOwn({ tensor: copy!, indices, updates });
  },
  separable: never,
});

/** Sums slices of x [segment ids..., inner...] that have the same id: [numSegments, inner...]. */
const unsortedSegmentSum: Kernel<{ readonly numSegments: number }> = {
  infer: ({ inputs, attributes: { numSegments } }) => {
    const [x, segmentIds] = [inputAt(inputs, 0), inputAt(inputs, 1)];
    return [{ shape: [numSegments, ...x.shape.slice(segmentIds.shape.length)], dtype: x.dtype }];
  },
  flops: ({ inputs }) => sizeOf(inputAt(inputs, 0).shape),
  check: ({ attributes }) => must(isCount(attributes.numSegments), 'numSegments must be a count'),
  trace: (call) =>
    call.emit([call.input('x'), call.input('segmentIds')], { numSegments: attribute<number>(call, 'numSegments') }),
  // By ScatterNd: the cpu backend's own kernel multiplies by masks, which spreads NaN over all segments.
  evaluate: ({ inputs, outputs, run }) => {
    const [x, segmentIds] = [inputs[0]!, inputs[1]!];
    const count = sizeOf(segmentIds.shape);
    const { shape } = outputs[0]!;
    const [indices] = run('Reshape', { x: segmentIds }, { shape: [count, 1] });
    const [updates] = run('Reshape', { x }, { shape: [count, ...shape.slice(1)] });
    return run('ScatterNd', { indices: indices!, updates: updates! }, { shape });
  },
  separable: never,
};

/** Length of the new last axis, what stands at the index and elsewhere. */
export interface Hot {
  readonly depth: number;
  readonly onValue: number;
  readonly offValue: number;
  readonly dtype: DType;
}

const oneHot: Kernel<Hot> = {
  infer: ({ inputs, attributes: { depth, dtype } }) => [{ shape: [...inputAt(inputs, 0).shape, depth], dtype }],
  flops: noFlops,
  check: ({ attributes }) => must(isCount(attributes.depth), 'depth must be a count'),
  trace: (call) =>
    call.emit([call.input('indices')], {
      depth: attribute<number>(call, 'depth'),
      onValue: attribute<number>(call, 'onValue'),
      offValue: attribute<number>(call, 'offValue'),
      dtype: attribute<DType | undefined>(call, 'dtype') ?? 'float32',
    }),
  evaluate: named('indices'),
  separable: ({ shape }) => shape.length > 1,
};

/** Places are given as values. */
export const indexing = {
  GatherV2: gatherV2,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  TensorScatterUpdate: tensorScatterUpdate,
  UnsortedSegmentSum: unsortedSegmentSum,
  OneHot: oneHot,
};
