import type { HostTensor } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { floats, ints, shapes } from './arbitraries.ts';
import { either, type KernelCase, sample } from './kernel-case.ts';
import { mirrorPad } from './moving-cases.ts';

const full = fc.integer({ min: 1, max: 4 });
const nonEmpty = { sizes: full };

/** Index tuples into the leading axes of a shape: [count, depth]. */
const tuples = (shape: readonly number[], depth: number, count: number, unique = false): fc.Arbitrary<HostTensor> =>
  (unique ? fc.uniqueArray : fc.array)(fc.tuple(...shape.slice(0, depth).map((length) => fc.nat(length - 1))), {
    maxLength: count,
    ...(unique ? { selector: String } : { minLength: count }),
  } as object).map((rows) => ({
    dtype: 'int32',
    shape: [(rows as number[][]).length, depth],
    data: Int32Array.from((rows as number[][]).flat()),
  }));

const gather: KernelCase = shapes({ min: 1, ...nonEmpty }).chain((shape) =>
  fc
    .tuple(fc.nat(shape.length - 1), shapes({ max: 2 }))
    .chain(([axis, picks]) =>
      sample(fc.tuple(fc.oneof(floats(shape), ints(shape)), ints(picks, 0, shape[axis]! - 1)), (x, indices) =>
        tf.gather(x!, indices as tf.Tensor1D, axis),
      ),
    ),
);

/** Each row of the batch picks its own. */
const gatherBatch: KernelCase = fc
  .tuple(full, full, full, full)
  .chain(([batch, rows, width, picks]) =>
    sample(fc.tuple(floats([batch, rows, width]), ints([batch, picks], 0, rows - 1)), (x, indices) =>
      tf.gather(x!, indices as tf.Tensor2D, 1, 1),
    ),
  );

const gatherNd: KernelCase = shapes({ min: 1, max: 3, ...nonEmpty }).chain((shape) =>
  fc
    .tuple(fc.integer({ min: 1, max: shape.length }), full)
    .chain(([depth, count]) =>
      sample(fc.tuple(fc.oneof(floats(shape), ints(shape)), tuples(shape, depth, count)), (x, indices) =>
        tf.gatherND(x!, indices!),
      ),
    ),
);

/** Indices may repeat: updates are summed. */
const scatterNd: KernelCase = shapes({ min: 1, max: 3, ...nonEmpty }).chain((shape) =>
  fc.tuple(fc.integer({ min: 1, max: shape.length }), full).chain(([depth, count]) => {
    const updates = [count, ...shape.slice(depth)];
    return sample(fc.tuple(tuples(shape, depth, count), fc.oneof(floats(updates), ints(updates))), (indices, given) =>
      tf.scatterND(indices!, given!, shape),
    );
  }),
);

/** Indices do not repeat: which update would win is not defined. */
const scatterUpdate: KernelCase = shapes({ min: 1, max: 3, ...nonEmpty }).chain((shape) =>
  fc
    .integer({ min: 1, max: shape.length })
    .chain((depth) =>
      tuples(shape, depth, 3, true).chain((indices) =>
        sample(fc.tuple(floats(shape), floats([indices.shape[0]!, ...shape.slice(depth)])), (x, updates) =>
          tf.tensorScatterUpdate(
            x!,
            tf.tensor(indices.data, [...indices.shape] as [number, number], 'int32'),
            updates!,
          ),
        ),
      ),
    ),
);

/** Of finite floats: the cpu backend spreads NaN over all segments, and calls sums of integers floats. */
const segmentSum: KernelCase = shapes({ min: 1, max: 3 }).chain((shape) =>
  full.chain((numSegments) =>
    sample(fc.tuple(floats(shape, 'finite'), ints(shape.slice(0, 1), 0, numSegments - 1)), (x, ids) =>
      tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, numSegments),
    ),
  ),
);

/** The gradient of an embedding: rows that were read often collect often. */
const embeddingGradient: KernelCase = fc
  .tuple(full, full, full, full)
  .chain(([vocabulary, width, batch, length]) =>
    sample(
      fc.tuple(floats([vocabulary, width], 'finite'), ints([batch, length], 0, vocabulary - 1)),
      (table, inputIds) => tf.grad((x: tf.Tensor) => tf.square(tf.gather(x, inputIds as tf.Tensor2D)))(table!),
    ),
  );

/** The kernel itself: `tf.oneHot` refuses a depth of 1. */
const hot = (indices: tf.Tensor, attributes: object) =>
  tf.engine().runKernel<tf.Tensor>('OneHot', { indices }, { ...attributes });

const oneHot: KernelCase = shapes({ max: 3 }).chain((shape) =>
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom([1, 0], [2, -1]))
    .chain(([depth, [onValue, offValue]]) =>
      sample(ints(shape, -1, 5), (indices) => [
        hot(indices!, { depth, onValue, offValue, dtype: 'float32' }),
        hot(indices!, { depth, onValue, offValue, dtype: 'int32' }),
      ]),
    ),
);

export const indexingCases = {
  GatherV2: either(gather, gather, gatherBatch, mirrorPad),
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  TensorScatterUpdate: scatterUpdate,
  UnsortedSegmentSum: either(segmentSum, embeddingGradient),
  OneHot: oneHot,
} satisfies Record<string, KernelCase>;
