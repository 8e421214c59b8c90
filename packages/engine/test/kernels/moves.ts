import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { floats, ints, shapes } from './arbitraries.ts';
import type { KernelCase } from './kernel-case.ts';

export type Move = (x: tf.Tensor) => tf.Tensor | tf.Tensor[];

export const isPositive = (x: tf.Tensor): tf.Tensor => tf.greater(x, tf.zerosLike(x));

/** A tensor of floats, of ints, and of bools, moved the same way. */
export const moved = (shape: readonly number[], by: fc.Arbitrary<Move>): KernelCase =>
  fc.tuple(fc.oneof(floats(shape), ints(shape)), by, fc.boolean()).map(([x, move, asBool]) => ({
    inputs: [x],
    fn: (given: tf.Tensor) => move(asBool ? isPositive(given) : given),
  }));

/** A move of tensors of any shape of these ranks; `by` draws one for a shape. */
export const moves = (
  by: (shape: number[]) => fc.Arbitrary<Move>,
  ranks: Parameters<typeof shapes>[0] = {},
): KernelCase => shapes(ranks).chain((shape) => moved(shape, by(shape)));

export const each = <T>(shape: readonly number[], one: (length: number) => fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.tuple(...shape.map(one));
