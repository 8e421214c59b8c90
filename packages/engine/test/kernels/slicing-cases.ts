import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { axisOf, floats, ints, shapes, size } from './arbitraries.ts';
import { either, type KernelCase, sample } from './kernel-case.ts';
import { each, isPositive, type Move, moves } from './moves.ts';

/** Two or three tensors that differ along one axis. */
const concat: KernelCase = shapes({ min: 1, max: 4 }).chain((shape) =>
  fc
    .tuple(axisOf(shape.length), fc.array(size, { minLength: 2, maxLength: 3 }), fc.boolean())
    .chain(([axis, lengths, asBool]) =>
      sample(fc.tuple(...lengths.map((length) => floats(shape.with(axis, length)))), (...x) =>
        tf.concat(asBool ? x.map(isPositive) : x, axis),
      ),
    ),
);

const stack: KernelCase = shapes({ max: 3 }).chain((shape) =>
  axisOf(shape.length + 1).chain((axis) => sample(fc.tuple(ints(shape), ints(shape)), (...x) => tf.stack(x, axis))),
);

const split = moves(
  (shape) =>
    axisOf(shape.length).chain((axis) =>
      fc.nat(shape.at(axis)!).map(
        (first): Move =>
          (x) =>
            tf.split(x, [first, shape.at(axis)! - first], axis),
      ),
    ),
  { min: 1 },
);

const unstack = moves(
  (shape) =>
    axisOf(shape.length).map(
      (axis): Move =>
        (x) =>
          tf.unstack(x, axis),
    ),
  {
    min: 1,
    sizes: fc.integer({ min: 2, max: 4 }),
  },
);

const slice = moves(
  (shape) =>
    each(shape, (length) => fc.nat(length).chain((begin) => fc.tuple(fc.constant(begin), fc.nat(length - begin)))).map(
      (ranges): Move =>
        (x) =>
          tf.slice(
            x,
            ranges.map(([begin]) => begin),
            ranges.map(([, length]) => length),
          ),
    ),
  { min: 1 },
);

interface Strides {
  readonly ranges: [number, number][];
  readonly strides: number[];
  readonly masks: number[];
}

const stridesOf = ({ ranges, strides, masks }: Strides) =>
  [
    ranges.map(([begin]) => begin),
    ranges.map(([, end]) => end),
    strides,
    masks[0] as number,
    masks[1] as number,
  ] as const;

/** TensorFlow.js fails where an end lies before the beginning. */
function hasOrder(shape: number[], slices: Strides): boolean {
  const { begin, end, strides } = tf.slice_util.sliceInfo(shape, ...stridesOf(slices), 0, 0, 0);
  return tf.slice_util.computeOutShape(begin, end, strides).every((length) => length >= 0);
}

const stridedSlice = moves(
  (shape) => {
    const bound = (length: number): fc.Arbitrary<number> => fc.integer({ min: -length, max: length });
    return fc
      .record({
        ranges: each(shape, (length) => fc.tuple(bound(length), bound(length))),
        strides: each(shape, () => fc.constantFrom(1, 2, -1, -2, 3)),
        masks: fc.tuple(...[0, 1].map(() => fc.nat(2 ** shape.length - 1))),
      })
      .filter((slices) => hasOrder(shape, slices))
      .map(
        (slices): Move =>
          (x) =>
            tf.stridedSlice(x, ...stridesOf(slices)),
      );
  },
  { min: 1, sizes: fc.integer({ min: 1, max: 4 }) },
);

export const slicingCases = {
  Concat: either(concat, concat, stack),
  SplitV: either(split, split, unstack),
  Slice: slice,
  StridedSlice: stridedSlice,
} satisfies Record<string, KernelCase>;
