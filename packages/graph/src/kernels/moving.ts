import { sizeOf } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import type { DType } from '../values.ts';
import type { Kernel, KernelCall } from './kernel.ts';
import {
  aligned,
  attribute,
  axesOf,
  axisOf,
  checkAxes,
  checkAxis,
  checkShape,
  holdsExamples,
  inputAt,
  isCount,
  isList,
  listed,
  must,
  named,
  never,
  noFlops,
  repeat,
} from './parts.ts';

/** A kernel that only moves data: no operations, the first input's dtype. */
export function moving<A extends object>(
  shapeOf: (call: KernelCall<A>) => readonly number[],
  rest: Pick<Kernel<A>, 'check' | 'trace' | 'evaluate' | 'separable'>,
): Kernel<A> {
  return {
    infer: (call) => [{ shape: shapeOf(call), dtype: inputAt(call.inputs, 0).dtype }],
    flops: noFlops,
    ...rest,
  };
}

const shapeOf = ({ inputs }: KernelCall<object>): readonly number[] => inputAt(inputs, 0).shape;

/** The shape of the result, spelled out. */
export interface ToShape {
  readonly shape: readonly number[];
}

const reshape: Kernel<ToShape> = {
  ...moving<ToShape>(({ attributes }) => attributes.shape, {
    check: (call) => {
      const [from, to] = [sizeOf(shapeOf(call)), sizeOf(call.attributes.shape)];
      return checkShape(call) ?? must(from === to, `shape has ${to} elements, the input ${from}`);
    },
    trace: (call) => {
      const x = call.input('x');
      const shape = tf.util.inferFromImplicitShape(attribute<number[]>(call, 'shape'), sizeOf(call.info(x).shape));
      return [call.toShape('Reshape', x, shape)];
    },
    evaluate: named('x'),
    // Blocks stay where they are in row-major order.
    separable: holdsExamples,
  }),
  view: true,
};

/** TensorFlow.js broadcasts by Tile. */
const broadcastTo = moving<ToShape>(({ attributes }) => attributes.shape, {
  check: (call) => {
    const [from, to] = [shapeOf(call), call.attributes.shape];
    const fits = from.every((size, index) => size === 1 || size === to[to.length - from.length + index]);
    return checkShape(call) ?? must(from.length <= to.length && fits, 'the input does not broadcast to shape');
  },
  trace: undefined,
  evaluate: ({ inputs, attributes: { shape }, run }) => [repeat(run, inputs[0]!, shape)],
  separable: aligned,
});

/** Repeating axes of length one is broadcasting. */
const tile = moving<{ readonly reps: readonly number[] }>(
  (call) => shapeOf(call).map((size, axis) => size * (call.attributes.reps[axis] ?? 1)),
  {
    check: (call) =>
      must(isList(call.attributes.reps, shapeOf(call).length, isCount), 'reps must be a count for each axis'),
    trace: (call) => {
      const x = call.input('x');
      const reps = attribute<number[]>(call, 'reps');
      const { shape } = call.info(x);
      if (shape.some((size, axis) => size !== 1 && reps[axis] !== 1)) return call.emit([x], { reps });
      const target = shape.map((size, axis) => size * (reps[axis] ?? 1));
      return [call.toShape('BroadcastTo', x, target)];
    },
    evaluate: named('x'),
    separable: ({ attributes }) => attributes.reps[0] === 1,
  },
);

const transpose = moving<{ readonly perm: readonly number[] }>(
  (call) => call.attributes.perm.map((axis) => shapeOf(call)[axis] ?? 1),
  {
    check: (call) => {
      const rank = shapeOf(call).length;
      const sorted = call.attributes.perm.toSorted((a, b) => a - b);
      const isOrder = isList(sorted, rank, (x, index) => x === index);
      return must(isOrder, `perm must order the axes from 0 to ${rank - 1}`);
    },
    trace: (call) => {
      const x = call.input('x');
      const perm = attribute<number[]>(call, 'perm');
      return perm.every((axis, index) => axis === index) ? [x] : call.emit([x], { perm });
    },
    evaluate: named('x'),
    separable: ({ attributes }) => attributes.perm[0] === 0,
  },
);

const reverse = moving<{ readonly axes: readonly number[] }>(shapeOf, {
  check: checkAxes,
  trace: (call) => {
    const x = call.input('x');
    return call.emit([x], { axes: axesOf(call, 'dims', call.info(x).shape) });
  },
  evaluate: ({ inputs, attributes: { axes }, runOwn }) => runOwn({ x: inputs[0]! }, { dims: axes }),
  separable: ({ attributes }) => !attributes.axes.includes(0),
});

const concat = moving<{ readonly axis: number }>(
  ({ inputs, attributes }) =>
    tf.backend_util.computeOutShape(
      inputs.map(({ shape }) => [...shape]),
      attributes.axis,
    ),
  {
    check: checkAxis,
    trace: (call) => {
      const inputs = call.list();
      return call.emit(inputs, { axis: axisOf(call, 'axis', call.info(inputs[0]!).shape.length) });
    },
    evaluate: listed,
    separable: ({ attributes, dependences }) =>
      attributes.axis !== 0 && dependences.every((dependence) => dependence === 'example'),
  },
);

const splitV: Kernel<{ readonly sizes: readonly number[]; readonly axis: number }> = {
  infer: ({ inputs, attributes: { sizes, axis } }) => {
    const x = inputAt(inputs, 0);
    return sizes.map((size) => ({ shape: x.shape.with(axis, size), dtype: x.dtype }));
  },
  flops: noFlops,
  check: (call) => {
    const { sizes, axis } = call.attributes;
    const whole = shapeOf(call)[axis];
    const sum = sizes.reduce((total, size) => total + size, 0);
    return checkAxis(call) ?? must(sizes.every(isCount) && sum === whole, `sizes must add up to ${whole}`);
  },
  trace: (call) => {
    const x = call.input('x');
    const given = { shape: [...call.info(x).shape] } as tf.Tensor;
    const axis = axisOf(call, 'axis', given.shape.length);
    const splits = attribute<number | number[]>(call, 'numOrSizeSplits');
    const sizes = tf.backend_util.prepareSplitSize(given, typeof splits === 'number' ? splits : [...splits], axis);
    return sizes.length === 1 ? [x] : call.emit([x], { sizes, axis });
  },
  givesList: true,
  evaluate: ({ inputs, attributes: { sizes, axis }, runOwn }) =>
    runOwn({ x: inputs[0]! }, { numOrSizeSplits: sizes, axis }),
  separable: (call) => call.attributes.axis !== 0 && holdsExamples(call),
};

/** One number in every place. */
const fill: Kernel<{ readonly shape: readonly number[]; readonly value: number; readonly dtype: DType }> = {
  infer: ({ attributes: { shape, dtype } }) => [{ shape, dtype }],
  flops: noFlops,
  check: checkShape,
  trace: (call) =>
    call.emit([], {
      shape: attribute<number[]>(call, 'shape'),
      value: attribute<number>(call, 'value'),
      dtype: attribute<DType | undefined>(call, 'dtype') ?? 'float32',
    }),
  evaluate: named(),
  separable: never,
};

/** Whole tensors in another shape, order or number. */
export const shaping = {
  Reshape: reshape,
  BroadcastTo: broadcastTo,
  Transpose: transpose,
  Concat: concat,
  SplitV: splitV,
  Tile: tile,
  Reverse: reverse,
  Fill: fill,
};
