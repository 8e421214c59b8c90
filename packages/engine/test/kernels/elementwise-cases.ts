import * as tf from '@tensorflow/tfjs-core';
import { type Domain, floats, ints, shapes } from './arbitraries.ts';
import { either, type KernelCase, type Sample, sample } from './kernel-case.ts';

type Unary = (x: tf.Tensor) => tf.Tensor;

const on = (fn: Unary, domain: Domain = 'any'): KernelCase =>
  sample(
    shapes().chain((shape) => floats(shape, domain)),
    fn as Sample['fn'],
  );

const onInts = (fn: Unary): KernelCase =>
  sample(
    shapes().chain((shape) => ints(shape)),
    fn as Sample['fn'],
  );

const onBoth = (fn: Unary): KernelCase => either(on(fn), onInts(fn));
const isPositive = (x: tf.Tensor): tf.Tensor => tf.greater(x, tf.zerosLike(x));

export const elementwiseCases = {
  Abs: onBoth((x) => tf.abs(x)),
  Neg: onBoth((x) => tf.neg(x)),
  Exp: on((x) => tf.exp(x)),
  Expm1: either(
    on((x) => tf.expm1(x)),
    on((x) => tf.expm1(tf.mul(x, 1e-4))),
  ),
  Log: on((x) => tf.log(x)),
  Log1p: either(
    on((x) => tf.log1p(x)),
    on((x) => tf.log1p(tf.mul(x, 1e-5)), 'finite'),
  ),
  Sqrt: on((x) => tf.sqrt(x)),
  Rsqrt: on((x) => tf.rsqrt(x)),
  Square: onBoth((x) => tf.square(x)),
  Reciprocal: on((x) => tf.reciprocal(x)),
  Erf: on((x) => tf.erf(x)),
  Tanh: on((x) => tf.tanh(x)),
  Sigmoid: on((x) => tf.sigmoid(x)),
  Softplus: on((x) => tf.softplus(x)),
  Relu: on((x) => tf.relu(x)),
  LeakyRelu: on((x) => tf.leakyRelu(x, 0.1)),
  Elu: on((x) => tf.elu(x)),
  Selu: on((x) => tf.selu(x)),
  Step: either(
    onBoth((x) => tf.step(x)),
    on((x) => tf.step(x, 0.5)),
  ),
  Sign: onBoth((x) => tf.sign(x)),
  Floor: on((x) => tf.floor(x)),
  Ceil: on((x) => tf.ceil(x)),
  Round: either(
    on((x) => tf.round(x)),
    onInts((x) => tf.round(tf.div(x, 2))),
  ),
  Sin: on((x) => tf.sin(x)),
  Cos: on((x) => tf.cos(x)),
  Tan: on((x) => tf.tan(x)),
  Sinh: on((x) => tf.sinh(x)),
  Cosh: on((x) => tf.cosh(x)),
  Asin: on((x) => tf.asin(x)),
  Acos: on((x) => tf.acos(x)),
  Atan: on((x) => tf.atan(x)),
  Asinh: on((x) => tf.asinh(x)),
  Acosh: on((x) => tf.acosh(x)),
  Atanh: on((x) => tf.atanh(x)),
  IsNan: on((x) => tf.isNaN(x)),
  IsInf: on((x) => tf.isInf(x)),
  IsFinite: on((x) => tf.isFinite(x)),
  LogicalNot: onBoth((x) => tf.logicalNot(isPositive(x))),
  ClipByValue: either(
    onBoth((x) => tf.clipByValue(x, -1, 2)),
    on((x) => tf.relu6(x)),
  ),
  Cast: either(
    on((x) => tf.cast(x, 'int32'), 'finite'),
    on((x) => tf.cast(x, 'bool'), 'finite'),
    onInts((x) => tf.cast(x, 'bool')),
    onInts((x) => tf.cast(x, 'float32')),
    onBoth((x) => tf.cast(isPositive(x), 'float32')),
    onBoth((x) => tf.cast(isPositive(x), 'int32')),
  ),
} satisfies Record<string, KernelCase>;
