import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { type Domain, floats, shapes } from './arbitraries.ts';
import type { KernelCase } from './kernel-case.ts';

type Fn = (...x: tf.Tensor[]) => tf.Tensor;

/** The gradients of a function for each of its inputs, from an irregular gradient of its result. */
function gradients(given: readonly (readonly number[])[], fn: Fn, domain: Domain = 'finite'): KernelCase {
  return fc.tuple(...given.map((shape) => floats(shape, domain))).map((inputs) => ({
    inputs,
    fn: (...x) => {
      const y = fn(...x);
      const dy = tf.tensor(
        Float32Array.from({ length: y.size }, (_, index) => Math.cos(index + 1)),
        y.shape,
      );
      y.dispose();
      return tf.grads(fn as (...given: tf.Tensor[]) => tf.Tensor)(x, dy);
    },
  }));
}

const unary = (fn: Fn, domain?: Domain): KernelCase =>
  shapes({ max: 3, sizes: fc.integer({ min: 1, max: 3 }) }).chain((shape) => gradients([shape], fn, domain));

const binary = (fn: Fn, domain?: Domain): KernelCase =>
  fc
    .constantFrom(
      [
        [2, 3],
        [2, 3],
      ],
      [[2, 3], [3]],
      [
        [2, 1],
        [1, 3],
      ],
      [[], [2]],
    )
    .chain((both) => gradients(both, fn, domain));

/** TensorFlow.js's gradients of a few kernels forget that an input was broadcast. */
const alike = (fn: Fn): KernelCase =>
  gradients(
    [
      [2, 3],
      [2, 3],
    ],
    fn,
  );

/** Of a tensor of rank 3. */
const whole = (fn: Fn): KernelCase => gradients([[2, 3, 2]], fn);

const ids = (): tf.Tensor1D => tf.tensor1d([1, 0, 1], 'int32');

/** One case for each kernel that TensorFlow.js has a gradient for: which kernels does that gradient need? */
export const gradientCases: Readonly<Record<string, KernelCase>> = {
  Abs: unary((x) => tf.abs(x!)),
  Neg: unary((x) => tf.neg(x!)),
  Exp: unary((x) => tf.exp(x!)),
  Expm1: unary((x) => tf.expm1(x!)),
  Log: unary((x) => tf.log(x!), 'positive'),
  Log1p: unary((x) => tf.log1p(x!), 'positive'),
  Sqrt: unary((x) => tf.sqrt(x!), 'positive'),
  Rsqrt: unary((x) => tf.rsqrt(x!), 'positive'),
  Square: unary((x) => tf.square(x!)),
  Reciprocal: unary((x) => tf.reciprocal(x!), 'positive'),
  Erf: unary((x) => tf.erf(x!)),
  Tanh: unary((x) => tf.tanh(x!)),
  Sigmoid: unary((x) => tf.sigmoid(x!)),
  Softplus: unary((x) => tf.softplus(x!)),
  Relu: unary((x) => tf.relu(x!)),
  LeakyRelu: unary((x) => tf.leakyRelu(x!, 0.1)),
  Elu: unary((x) => tf.elu(x!)),
  Selu: unary((x) => tf.selu(x!)),
  Step: unary((x) => tf.step(x!)),
  Sign: unary((x) => tf.sign(x!)),
  Floor: unary((x) => tf.floor(x!)),
  Ceil: unary((x) => tf.ceil(x!)),
  Round: unary((x) => tf.round(x!)),
  Sin: unary((x) => tf.sin(x!)),
  Cos: unary((x) => tf.cos(x!)),
  Tan: unary((x) => tf.tan(x!), 'unit'),
  Sinh: unary((x) => tf.sinh(x!)),
  Cosh: unary((x) => tf.cosh(x!)),
  Asin: unary((x) => tf.asin(tf.mul(x!, 0.9)), 'unit'),
  Acos: unary((x) => tf.acos(tf.mul(x!, 0.9)), 'unit'),
  Atan: unary((x) => tf.atan(x!)),
  Asinh: unary((x) => tf.asinh(x!)),
  Acosh: unary((x) => tf.acosh(tf.add(x!, 1)), 'above one'),
  Atanh: unary((x) => tf.atanh(tf.mul(x!, 0.9)), 'unit'),
  IsNan: unary((x) => tf.mul(x!, tf.cast(tf.isNaN(x!), 'float32'))),
  IsInf: unary((x) => tf.mul(x!, tf.cast(tf.isInf(x!), 'float32'))),
  IsFinite: unary((x) => tf.mul(x!, tf.cast(tf.isFinite(x!), 'float32'))),
  ClipByValue: unary((x) => tf.clipByValue(x!, -1, 2)),
  Cast: unary((x) => tf.cast(tf.cast(x!, 'int32'), 'float32')),
  Add: binary((a, b) => tf.add(a!, b!)),
  Sub: binary((a, b) => tf.sub(a!, b!)),
  Multiply: binary((a, b) => tf.mul(a!, b!)),
  RealDiv: binary((a, b) => tf.div(a!, b!), 'positive'),
  FloorDiv: binary((a, b) => tf.mul(a!, tf.floor(tf.div(a!, b!))), 'positive'),
  Mod: binary((a, b) => tf.mod(a!, b!), 'positive'),
  Pow: binary((a, b) => tf.pow(a!, b!), 'positive'),
  Maximum: alike((a, b) => tf.maximum(a!, b!)),
  Minimum: alike((a, b) => tf.minimum(a!, b!)),
  SquaredDifference: alike((a, b) => tf.squaredDifference(a!, b!)),
  Prelu: gradients([[2, 3], [3]], (x, alpha) => tf.prelu(x!, alpha!)),
  GreaterEqual: binary((a, b) => tf.mul(tf.mul(a!, b!), tf.cast(tf.greaterEqual(a!, b!), 'float32'))),
  Select: binary((a, b) => tf.where(tf.greaterEqual(a!, b!), tf.square(a!), tf.mul(a!, b!))),
  AddN: gradients(
    [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
    (...x) => tf.addN(x),
  ),
  Sum: whole((x) => tf.sum(x!, [0, 2])),
  Mean: whole((x) => tf.mean(x!, 1)),
  Max: whole((x) => tf.max(x!, 1)),
  Min: whole((x) => tf.min(x!, [0, 2])),
  Prod: whole((x) => tf.prod(x!, 1)),
  ArgMax: whole((x) => tf.mul(tf.sum(x!, 1), tf.cast(tf.argMax(x!, 1), 'float32'))),
  ArgMin: whole((x) => tf.mul(tf.sum(x!, 1), tf.cast(tf.argMin(x!, 1), 'float32'))),
  Softmax: whole((x) => tf.softmax(x!)),
  LogSoftmax: whole((x) => tf.logSoftmax(x!)),
  // TensorFlow.js's gradient has the wrong shape along any axis but the last.
  Cumsum: whole((x) => tf.cumsum(x!, 2)),
  BatchMatMul: gradients(
    [
      [2, 3, 2],
      [2, 2, 4],
    ],
    (a, b) => tf.matMul(a!, b!),
  ),
  Reshape: whole((x) => tf.square(tf.reshape(x!, [3, 4]))),
  ExpandDims: whole((x) => tf.square(tf.expandDims(x!, 1))),
  BroadcastTo: gradients([[2, 1, 2]], (x) => tf.square(tf.broadcastTo(x!, [2, 2, 3, 2]))),
  Transpose: whole((x) => tf.square(tf.transpose(x!, [2, 0, 1]))),
  Concat: gradients(
    [
      [2, 3],
      [1, 3],
    ],
    (a, b) => tf.square(tf.concat([a!, b!])),
  ),
  Pack: gradients(
    [
      [2, 3],
      [2, 3],
    ],
    (a, b) => tf.square(tf.stack([a!, b!], 1)),
  ),
  Unpack: whole((x) => tf.mul(tf.unstack(x!, 1)[0]!, tf.unstack(x!, 1)[2]!)),
  SplitV: whole((x) => tf.square(tf.split(x!, [1, 2], 1)[1]!)),
  Slice: whole((x) => tf.square(tf.slice(x!, [0, 1, 0], [1, 2, 2]))),
  PadV2: whole((x) =>
    tf.square(
      tf.pad(x!, [
        [1, 0],
        [0, 2],
        [0, 0],
      ]),
    ),
  ),
  MirrorPad: whole((x) =>
    tf.square(
      tf.mirrorPad(
        x!,
        [
          [1, 0],
          [0, 2],
          [0, 0],
        ],
        'reflect',
      ),
    ),
  ),
  Tile: whole((x) => tf.square(tf.tile(x!, [1, 2, 3]))),
  Reverse: whole((x) => tf.square(tf.reverse(x!, 1))),
  GatherV2: gradients([[3, 2]], (x) => tf.square(tf.gather(x!, ids()))),
  UnsortedSegmentSum: gradients([[3, 2]], (x) => tf.square(tf.unsortedSegmentSum(x!, ids(), 2))),
  OneHot: gradients([[3, 2]], (x) => tf.mul(x!, tf.oneHot(ids(), 2))),
  ZerosLike: unary((x) => tf.add(x!, tf.zerosLike(x!))),
  OnesLike: unary((x) => tf.mul(x!, tf.onesLike(x!))),
  Identity: unary((x) => tf.clone(tf.square(x!))),
  Relu6: unary((x) => tf.relu6(x!)),
  FusedBatchNorm: gradients([[2, 2, 2, 3], [3], [3]], (x, row, variance) =>
    tf.batchNorm(x!, row as tf.Tensor1D, tf.exp(variance as tf.Tensor1D), row as tf.Tensor1D, row as tf.Tensor1D),
  ),
  _FusedMatMul: gradients([[2, 3], [3, 4], [4]], (a, b, bias) =>
    tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation: 'relu' }),
  ),
};
