import type { HostTensor } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { axesOf, axisOf, floats, ints, shapes } from './arbitraries.ts';
import { either, type KernelCase } from './kernel-case.ts';

type Reduce = (x: tf.Tensor, axes: number[] | undefined, keepDims: boolean) => tf.Tensor;
type Values = (shape: number[]) => fc.Arbitrary<HostTensor>;

const isPositive = (x: tf.Tensor): tf.Tensor => tf.greater(x, tf.zerosLike(x));
const nonEmpty = { sizes: fc.integer({ min: 1, max: 4 }) };

/** Over some axes; `empty` when the kernel has a value for no elements. */
function over(fn: Reduce, { values = floats as Values, empty = true } = {}): KernelCase {
  return shapes(empty ? {} : nonEmpty).chain((shape) =>
    fc
      .tuple(values(shape), axesOf(shape.length), fc.boolean())
      .map(([x, axes, keepDims]) => ({ inputs: [x], fn: (given: tf.Tensor) => fn(given, axes, keepDims) })),
  );
}

/** Along one axis. */
function along(fn: (x: tf.Tensor, axis: number) => tf.Tensor, { values = floats as Values, empty = false } = {}) {
  return shapes({ min: 1, ...(empty ? {} : nonEmpty) }).chain((shape) =>
    fc
      .tuple(values(shape), axisOf(shape.length))
      .map(([x, axis]) => ({ inputs: [x], fn: (given: tf.Tensor) => fn(given, axis) })),
  );
}

type Scan = (x: tf.Tensor, axis: number, exclusive: boolean, reverse: boolean) => tf.Tensor;

const scan = (fn: Scan, values: Values): KernelCase =>
  fc.tuple(fc.boolean(), fc.boolean()).chain(([exclusive, reverse]) =>
    // TensorFlow.js's own backends do not count a negative axis from the end.
    along((x, axis) => fn(x, axis < 0 ? axis + x.rank : axis, exclusive, reverse), { values, empty: true }),
  );

const finite: Values = (shape) => floats(shape, 'finite');
const whole: Values = (shape) => ints(shape);

const topK: KernelCase = shapes({ min: 1, ...nonEmpty }).chain((shape) =>
  fc.tuple(fc.oneof(finite(shape), whole(shape)), fc.integer({ min: 1, max: shape.at(-1)! })).map(([x, k]) => ({
    inputs: [x],
    fn: (given: tf.Tensor) => {
      const { values, indices } = tf.topk(given, k);
      return [values, indices];
    },
  })),
);

export const reductionCases = {
  Sum: either(
    over((x, axes, keep) => tf.sum(x, axes, keep)),
    over((x, axes, keep) => tf.sum(x, axes, keep), { values: whole }),
    over((x, axes, keep) => tf.sum(isPositive(x), axes, keep)),
  ),
  Mean: either(
    over((x, axes, keep) => tf.mean(x, axes, keep)),
    over((x, axes, keep) => tf.mean(x, axes, keep), { values: whole }),
  ),
  Max: either(
    over((x, axes, keep) => tf.max(x, axes, keep), { empty: false }),
    over((x, axes, keep) => tf.max(x, axes, keep), { values: whole, empty: false }),
  ),
  Min: either(
    over((x, axes, keep) => tf.min(x, axes, keep), { empty: false }),
    over((x, axes, keep) => tf.min(x, axes, keep), { values: whole, empty: false }),
  ),
  Prod: either(
    over((x, axes, keep) => tf.prod(x, axes, keep)),
    over((x, axes, keep) => tf.prod(x, axes, keep), { values: (shape) => ints(shape, -2, 2) }),
  ),
  Any: over((x, axes, keep) => tf.any(isPositive(x), axes, keep)),
  All: over((x, axes, keep) => tf.all(isPositive(x), axes, keep), { empty: false }),
  ArgMax: either(
    along((x, axis) => tf.argMax(x, axis), { values: finite }),
    along((x, axis) => tf.argMax(x, axis), { values: whole }),
  ),
  ArgMin: either(
    along((x, axis) => tf.argMin(x, axis), { values: finite }),
    along((x, axis) => tf.argMin(x, axis), { values: whole }),
  ),
  TopK: topK,
  Softmax: along((x) => tf.softmax(x), { empty: true }),
  Cumsum: either(
    scan((x, ...rest) => tf.cumsum(x, ...rest), floats),
    scan((x, ...rest) => tf.cumsum(x, ...rest), whole),
  ),
  Cumprod: either(
    scan((x, ...rest) => tf.cumprod(x, ...rest), floats),
    scan(
      (x, ...rest) => tf.cumprod(x, ...rest),
      (shape) => ints(shape, -2, 2),
    ),
  ),
} satisfies Record<string, KernelCase>;
