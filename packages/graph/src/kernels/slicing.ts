import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel.ts';
import { moving } from './moving.ts';
import { attribute, inputAt, isCount, isList, must, never } from './parts.ts';

/** Where a block begins in each axis, and its shape. */
export interface Block {
  readonly begin: readonly number[];
  readonly size: readonly number[];
}

const slice: Kernel<Block> = {
  ...moving<Block>(({ attributes }) => attributes.size, {
    check: ({ inputs, attributes: { begin, size } }) => {
      const given = inputAt(inputs, 0).shape;
      const inside = (first: number, index: number): boolean =>
        isCount(first) && isCount(size[index]!) && first + size[index]! <= given[index]!;
      return must(
        size.length === begin.length && isList(begin, given.length, inside),
        'begin and size leave the input',
      );
    },
    trace: (call) => {
      const x = call.input('x');
      const given = { shape: [...call.info(x).shape] } as tf.Tensor;
      const [begin = [], size = []] = tf.slice_util.parseSliceParams(
        given,
        attribute<number | number[]>(call, 'begin'),
        attribute<number | number[]>(call, 'size'),
      );
      tf.slice_util.assertParamsValid(given, begin, size);
      const whole = size.every((length, axis) => length === given.shape[axis]);
      return whole ? [x] : call.emit([x], { begin, size });
    },
    evaluate: ({ inputs, attributes, runOwn }) => runOwn({ x: inputs[0]! }, attributes),
    separable: ({ inputs, attributes: { begin, size } }) => begin[0] === 0 && size[0] === inputAt(inputs, 0).shape[0],
  }),
  readsPart: true,
};

/** A block of every n-th element; n may be negative. */
export interface Strides extends Block {
  readonly strides: readonly number[];
}

/** `size` elements of each axis from `begin` in steps that may be negative. */
const stridedSlice: Kernel<Strides> = {
  ...moving<Strides>(({ attributes }) => attributes.size, {
    check: ({ inputs, attributes: { begin, strides, size } }) => {
      const given = inputAt(inputs, 0).shape;
      const isInside = (at: number, axis: number): boolean => isCount(at) && at < given[axis]!;
      const fits = (length: number, axis: number): boolean => {
        const last = begin[axis]! + strides[axis]! * (length - 1);
        return isCount(length) && (length === 0 || [begin[axis]!, last].every((at) => isInside(at, axis)));
      };
      return must(isList(size, given.length, fits), 'begin, strides and size leave the input');
    },
    trace: (call) => {
      const x = call.input('x');
      const masks = ['beginMask', 'endMask', 'ellipsisMask', 'newAxisMask', 'shrinkAxisMask'].map(
        (name) => attribute<number | undefined>(call, name) ?? 0,
      ) as [number, number, number, number, number];
      const { begin, end, strides, isIdentity, finalShape } = tf.slice_util.sliceInfo(
        [...call.info(x).shape],
        attribute<number[]>(call, 'begin'),
        attribute<number[]>(call, 'end'),
        attribute<number[]>(call, 'strides'),
        ...masks,
      );
      // An end before the beginning is an empty slice, of which TensorFlow.js counts less than nothing.
      const size = tf.slice_util.computeOutShape(begin, end, strides).map((length) => Math.max(0, length));
      const sliced = isIdentity ? x : call.emit([x], { begin, strides, size })[0]!;
      return [call.toShape('Reshape', sliced, finalShape)];
    },
    // The end that gives `size` elements; one before the first element is said by the mask, -1 would be the last.
    evaluate: ({ inputs, attributes: { begin, strides, size }, runOwn }) => {
      const end = begin.map((first, axis) => first + strides[axis]! * size[axis]!);
      const endMask = end.reduce((mask, stop, axis) => (stop < 0 ? mask | (1 << axis) : mask), 0);
      const masks = { beginMask: 0, endMask, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
      return runOwn({ x: inputs[0]! }, { begin, end, strides, ...masks });
    },
    separable: never,
  }),
  readsPart: true,
};

/** Elements before and after each axis, and what they are. */
export interface Padding {
  readonly paddings: readonly (readonly [number, number])[];
  readonly value: number;
}

const padV2: Kernel<Padding> = moving<Padding>(
  ({ inputs, attributes }) =>
    inputAt(inputs, 0).shape.map((size, axis) => {
      const [before, after] = attributes.paddings[axis] ?? [0, 0];
      return before + size + after;
    }),
  {
    check: ({ inputs, attributes: { paddings } }) =>
      must(
        paddings.length === inputAt(inputs, 0).shape.length && paddings.flat().every(isCount),
        'paddings must be a pair of counts for each axis',
      ),
    trace: (call) =>
      call.emit([call.input('x')], {
        paddings: attribute<[number, number][]>(call, 'paddings'),
        value: attribute<number>(call, 'constantValue'),
      }),
    evaluate: ({ inputs, attributes: { paddings, value }, runOwn }) =>
      runOwn({ x: inputs[0]! }, { paddings, constantValue: value }),
    separable: ({ attributes }) => attributes.paddings[0]?.every((padding) => padding === 0) ?? false,
  },
);

/** A block of a tensor, or a tensor inside a larger block. */
export const slicing = { Slice: slice, StridedSlice: stridedSlice, PadV2: padV2 };
