import type { HostTensor } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { broadcasting, type Domain, floats, ints, shapes } from './arbitraries.ts';
import { either, type KernelCase, sample } from './kernel-case.ts';

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

type Values = (shape: number[]) => fc.Arbitrary<HostTensor>;

const pairs = (first: Values, second = first): fc.Arbitrary<HostTensor[]> =>
  broadcasting(2).chain(([a, b]) => fc.tuple(first(a!), second(b!)) as fc.Arbitrary<HostTensor[]>);

const on = (fn: Binary, domain: Domain = 'any'): KernelCase =>
  sample(
    pairs((shape) => floats(shape, domain)),
    (a, b) => fn(a!, b!),
  );

const onInts = (fn: Binary): KernelCase =>
  sample(
    pairs((shape) => ints(shape)),
    (a, b) => fn(a!, b!),
  );

const onBoth = (fn: Binary): KernelCase => either(on(fn), onInts(fn));
const isPositive = (x: tf.Tensor): tf.Tensor => tf.greater(x, tf.zerosLike(x));
const logical = (fn: Binary): KernelCase => onBoth((a, b) => fn(isPositive(a), isPositive(b)));

const sums: KernelCase = sample(
  fc
    .tuple(shapes(), fc.integer({ min: 2, max: 4 }))
    .chain(([shape, count]) => fc.array(floats(shape), { minLength: count, maxLength: count })),
  (...x) => tf.addN(x),
);

/** TensorFlow.js leaves an axis of 1 that should broadcast to an empty one as it is. */
const fillsNoEmptyAxis = (all: number[][]): boolean =>
  all.every((shape) => shape.length === all[0]!.length) || all.every((shape) => !shape.includes(0));

const choices: KernelCase = sample(
  broadcasting(3)
    .filter(fillsNoEmptyAxis)
    .chain((all) => fc.tuple(...all.map((shape) => floats(shape))) as fc.Arbitrary<HostTensor[]>),
  (c, t, e) => [tf.where(isPositive(c!), t!, e!), tf.where(isPositive(c!), isPositive(t!), isPositive(e!))],
);

export const broadcastingCases = {
  Add: onBoth((a, b) => tf.add(a, b)),
  Sub: onBoth((a, b) => tf.sub(a, b)),
  Multiply: onBoth((a, b) => tf.mul(a, b)),
  RealDiv: on((a, b) => tf.div(a, b)),
  FloorDiv: either(
    onInts((a, b) => tf.floorDiv(a, b)),
    onInts((a, b) => tf.div(a, b)),
  ),
  Mod: either(
    on((a, b) => tf.mod(a, b)),
    onInts((a, b) => tf.mod(a, b)),
  ),
  Pow: either(
    // JavaScript calls 1 to the power of NaN or infinity NaN, C calls it 1, and so do wasm and ONNX Runtime.
    sample(
      pairs(floats, (shape) => floats(shape, 'finite')),
      (a, b) => tf.pow(a!, b!),
    ),
    onInts((a, b) => tf.pow(a, tf.abs(b))),
  ),
  Maximum: onBoth((a, b) => tf.maximum(a, b)),
  Minimum: onBoth((a, b) => tf.minimum(a, b)),
  SquaredDifference: onBoth((a, b) => tf.squaredDifference(a, b)),
  Prelu: on((a, b) => tf.prelu(a, b)),
  Equal: either(
    onBoth((a, b) => tf.equal(a, b)),
    logical((a, b) => tf.equal(a, b)),
  ),
  NotEqual: onBoth((a, b) => tf.notEqual(a, b)),
  Greater: onBoth((a, b) => tf.greater(a, b)),
  GreaterEqual: onBoth((a, b) => tf.greaterEqual(a, b)),
  Less: onBoth((a, b) => tf.less(a, b)),
  LessEqual: onBoth((a, b) => tf.lessEqual(a, b)),
  LogicalAnd: logical((a, b) => tf.logicalAnd(a, b)),
  LogicalOr: logical((a, b) => tf.logicalXor(a, b)),
  Select: choices,
  AddN: sums,
  EluGrad: sample(
    shapes().chain((shape) => floats(shape)),
    (x) => tf.grad((y: tf.Tensor) => tf.elu(y))(x!),
  ),
} satisfies Record<string, KernelCase>;
