import { type HostTensor, sizeOf } from '@attune/base';
import * as fc from 'fast-check';

/** Numbers of a tensor: any, special values included; finite; of one sign; or inside -1 to 1. */
export type Domain = 'any' | 'finite' | 'positive' | 'unit' | 'above one';

const LARGEST_SIZE = 48;
const SPECIAL = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1, -1, 1e4];

/** Thousandths in a range, as float32; no denormals, which ONNX Runtime may flush to zero. */
const thousandths = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: min * 1000, max: max * 1000 }).map((n) => Math.fround(n / 1000));

const domains: { readonly [D in Domain]: fc.Arbitrary<number> } = {
  any: fc.oneof({ weight: 3, arbitrary: thousandths(-3, 3) }, { weight: 1, arbitrary: fc.constantFrom(...SPECIAL) }),
  finite: thousandths(-3, 3),
  positive: thousandths(0.2, 3),
  unit: thousandths(-1, 1),
  'above one': thousandths(1, 4),
};

/** Sizes 1 to 4, seldom 0. */
export const size: fc.Arbitrary<number> = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 1, arbitrary: fc.constant(0) },
);

/** Shapes of these ranks with at most 48 elements. */
export function shapes({ min = 0, max = 4, sizes = size } = {}): fc.Arbitrary<number[]> {
  return fc.array(sizes, { minLength: min, maxLength: max }).filter((shape) => sizeOf(shape) <= LARGEST_SIZE);
}

export function floats(shape: readonly number[], domain: Domain = 'any'): fc.Arbitrary<HostTensor> {
  const length = sizeOf(shape);
  return fc
    .array(domains[domain], { minLength: length, maxLength: length })
    .map((data) => ({ dtype: 'float32', shape, data: Float32Array.from(data) }));
}

export function ints(shape: readonly number[], min = -4, max = 4): fc.Arbitrary<HostTensor> {
  const length = sizeOf(shape);
  return fc
    .array(fc.integer({ min, max }), { minLength: length, maxLength: length })
    .map((data) => ({ dtype: 'int32', shape, data: Int32Array.from(data) }));
}

/** Shapes that broadcast: some of the leading axes of one shape are left out, some of its axes are 1. */
export function broadcasting(count: number): fc.Arbitrary<number[][]> {
  return shapes().chain((shape) => {
    const one = fc
      .tuple(fc.nat(shape.length), fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }))
      .map(([drop, ones]) => shape.map((length, axis) => (ones[axis] && length > 1 ? 1 : length)).slice(drop % 3));
    return fc.array(one, { minLength: count, maxLength: count });
  });
}

/** Axes to reduce: undefined for all, one, or several; negative or not. */
export function axesOf(rank: number): fc.Arbitrary<number[] | undefined> {
  if (rank === 0) {
    return fc.constant(undefined);
  }
  const axis = fc.nat(rank - 1);
  const several = fc.uniqueArray(axis, { minLength: 1, maxLength: rank });
  const negative = several.map((axes) => axes.map((each) => each - rank));
  return fc.oneof(fc.constant(undefined), several, negative);
}

export const axisOf = (rank: number): fc.Arbitrary<number> => fc.integer({ min: -rank, max: rank - 1 });
