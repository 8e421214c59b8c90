import type { HostTensor } from '@attune/base';
import { sizeOf } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { axesOf, axisOf, floats, ints, shapes } from './arbitraries.ts';
import { type KernelCase, sample } from './kernel-case.ts';
import { each, isPositive, type Move, moved, moves } from './moves.ts';

const reshape = moves((shape) =>
  fc.oneof(
    fc.constantFrom<Move>(
      (x) => tf.reshape(x, [sizeOf(shape)]),
      (x) => tf.reshape(x, shape.toReversed()),
      (x) => tf.reshape(x, [1, ...shape, 1]),
    ),
    axisOf(shape.length + 1).map(
      (axis): Move =>
        (x) =>
          tf.expandDims(x, axis),
    ),
  ),
);

const broadcastTo = shapes().chain((shape) =>
  each(shape, () => fc.boolean()).chain((ones) => {
    const narrow = shape.map((length, axis) => (ones[axis] && length > 0 ? 1 : length));
    return moved(
      narrow,
      fc.constant((x) => tf.broadcastTo(x, [2, ...shape])),
    );
  }),
);

const transpose = moves((shape) => {
  const axes = shape.map((_, axis) => axis);
  return fc.shuffledSubarray(axes, { minLength: axes.length, maxLength: axes.length }).map(
    (perm): Move =>
      (x) =>
        tf.transpose(x, perm),
  );
});

/** Padding writes a number, so bools are left out, as TensorFlow.js does. */
const padV2: KernelCase = shapes({ min: 1 }).chain((shape) =>
  fc
    .tuple(
      fc.oneof(floats(shape), ints(shape)),
      each(shape, () => fc.tuple(fc.nat(2), fc.nat(2))),
      fc.constantFrom(0, 7, -1),
    )
    .map(([x, paddings, value]) => ({ inputs: [x], fn: (given: tf.Tensor) => tf.pad(given, paddings, value) })),
);

/** Padding by mirroring is traced as a gather. */
export const mirrorPad: KernelCase = shapes({ min: 1, sizes: fc.integer({ min: 1, max: 4 }) }).chain((shape) =>
  fc.constantFrom('reflect' as const, 'symmetric' as const).chain((mode) => {
    const most = (length: number): number => (mode === 'reflect' ? length - 1 : length);
    return fc
      .tuple(
        floats(shape),
        each(shape, (length) => fc.tuple(fc.nat(most(length)), fc.nat(most(length)))),
      )
      .map(([x, paddings]) => ({ inputs: [x], fn: (given: tf.Tensor) => tf.mirrorPad(given, paddings, mode) }));
  }),
);

const tile = moves(
  (shape) =>
    each(shape, () => fc.integer({ min: 1, max: 3 })).map(
      (reps): Move =>
        (x) =>
          tf.tile(x, reps),
    ),
  {
    min: 1,
  },
);

const reverse = moves(
  (shape) =>
    axesOf(shape.length).map(
      (axes): Move =>
        (x) =>
          tf.reverse(x, axes),
    ),
  { min: 1 },
);

const fill: KernelCase = shapes().chain((shape) =>
  sample(floats(shape) as fc.Arbitrary<HostTensor>, (x) => [
    tf.fill(shape, Number.NEGATIVE_INFINITY),
    tf.fill(shape, -3, 'int32'),
    tf.zerosLike(x!),
    tf.onesLike(isPositive(x!)),
    tf.mul(x!, tf.fill([2, ...shape], 2)),
  ]),
);

/** Numbers made without inputs are constants, whose content TensorFlow.js computes. */
export const constants: KernelCase = fc
  .tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }), fc.constantFrom(1, 0.3, 2))
  .chain(([start, stop, step]) =>
    sample(floats([1]), (x) => [
      tf.add(x!, tf.range(start, stop, start < stop || step === 1 ? step : -step)),
      tf.add(x!, tf.linspace(start, stop, 4)),
    ]),
  );

export const movingCases = {
  Reshape: reshape,
  BroadcastTo: broadcastTo,
  Transpose: transpose,
  PadV2: padV2,
  Tile: tile,
  Reverse: reverse,
  Fill: fill,
} satisfies Record<string, KernelCase>;
