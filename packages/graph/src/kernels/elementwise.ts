import { sizeOf, TraceError } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import { callSite } from '../trace/trace-error.ts';
import type { DType, ValueInfo } from '../values.ts';
import type { Kernel, None } from './kernel.ts';
import {
  aligned,
  anything,
  attribute,
  broadcastShapes,
  inputAt,
  likeFirst,
  listed,
  named,
  plain,
  repeat,
} from './parts.ts';

interface Options {
  /** Operations per element; a function that hardware has no single instruction for is one, by convention. */
  readonly flops?: number;
  /** Of the result; otherwise the input's, or the wider of the inputs'. */
  readonly dtype?: DType;
  /** TensorFlow.js's names of the inputs. */
  readonly inputs?: readonly string[];
}

const elements = (outputs: readonly ValueInfo[]): number => outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
const widerDType = (a: DType, b: DType): DType => tf.upcastType(a, b) as DType;

/** One input, the result in its shape. */
function map<A extends object>(trace: Kernel<A>['trace'], { flops = 1, dtype }: Options = {}): Kernel<A> {
  return {
    infer: ({ inputs }) => {
      const x = inputAt(inputs, 0);
      return [{ shape: x.shape, dtype: dtype ?? x.dtype }];
    },
    flops: (_call, outputs) => flops * elements(outputs),
    check: anything,
    trace,
    evaluate: named('x'),
    separable: aligned,
    elementwise: true,
  };
}

const unary = (options?: Options): Kernel<None> => map(plain('x'), options);

/** Two inputs that broadcast. */
function binary({ flops = 1, dtype, inputs: names = ['a', 'b'] }: Options = {}): Kernel<None> {
  return {
    infer: ({ inputs }) => {
      const [a, b] = [inputAt(inputs, 0), inputAt(inputs, 1)];
      return [{ shape: broadcastShapes(a.shape, b.shape), dtype: dtype ?? widerDType(a.dtype, b.dtype) }];
    },
    flops: (_call, outputs) => flops * elements(outputs),
    check: anything,
    trace: plain(...names),
    evaluate: named(...names),
    separable: aligned,
    elementwise: true,
  };
}

const comparison = binary({ dtype: 'bool' });

/** What the result is multiplied by, or is, below zero. */
export interface Slope {
  readonly alpha: number;
}
const withAlpha = map<Slope>((call) => call.emit([call.input('x')], { alpha: attribute<number>(call, 'alpha') }));

const clipByValue: Kernel<{ readonly min: number; readonly max: number }> = {
  ...map(
    (call) =>
      call.emit([call.input('x')], {
        min: attribute<number>(call, 'clipValueMin'),
        max: attribute<number>(call, 'clipValueMax'),
      }),
    { flops: 2 },
  ),
  evaluate: ({ inputs, attributes: { min, max }, runOwn }) =>
    runOwn({ x: inputs[0]! }, { clipValueMin: min, clipValueMax: max }),
};

/** To the same dtype it is nothing. */
const cast: Kernel<{ readonly dtype: DType }> = {
  ...map(
    (call) => {
      const x = call.input('x');
      const dtype = attribute<DType>(call, 'dtype');
      return call.info(x).dtype === dtype ? [x] : call.emit([x], { dtype });
    },
    { flops: 0 },
  ),
  infer: ({ inputs, attributes }) => [{ shape: inputAt(inputs, 0).shape, dtype: attributes.dtype }],
};

/** Of integers; of floats TensorFlow.js's backends give different dtypes. */
const floorDiv: Kernel<None> = {
  ...binary({ flops: 2, dtype: 'int32' }),
  trace: (call) => {
    const [a, b] = [call.input('a'), call.input('b')];
    if (call.info(a).dtype === 'float32') {
      throw new TraceError(`trace: tf.floorDiv of floats has no rule${callSite()}; use tf.floor(tf.div(a, b))`);
    }
    return call.emit([a, b], {});
  },
};

/** where(condition, t, e): t and e have the output's shape, the condition may have a lower rank. */
const select: Kernel<None> = {
  infer: ({ inputs }) => {
    const [condition, t, e] = [inputAt(inputs, 0), inputAt(inputs, 1), inputAt(inputs, 2)];
    const shape = broadcastShapes(broadcastShapes(condition.shape, t.shape), e.shape);
    return [{ shape, dtype: widerDType(t.dtype, e.dtype) }];
  },
  flops: () => 0,
  check: anything,
  trace: plain('condition', 't', 'e'),
  // TensorFlow.js wants all three in the output's shape.
  evaluate: ({ inputs, outputs, run, runOwn }) => {
    const [condition, t, e] = inputs.map((input) => repeat(run, input, outputs[0]!.shape));
    return runOwn({ condition: condition!, t: t!, e: e! });
  },
  separable: aligned,
  elementwise: true,
};

/** Sum of n tensors of one shape: n - 1 additions for each element. */
const addN: Kernel<None> = {
  infer: likeFirst,
  flops: ({ inputs }, outputs) => (inputs.length - 1) * elements(outputs),
  check: anything,
  trace: (call) => {
    const inputs = call.list();
    return inputs.length === 1 ? inputs : call.emit(inputs, {});
  },
  evaluate: listed,
  separable: aligned,
  elementwise: true,
};

/** Each element of the result comes from the inputs' elements at its own place. */
export const elementwise = {
  Abs: unary(),
  Neg: unary(),
  Exp: unary(),
  Expm1: unary(),
  Log: unary(),
  Log1p: unary(),
  Sqrt: unary(),
  Rsqrt: unary({ flops: 2 }),
  Square: unary(),
  Reciprocal: unary(),
  Erf: unary(),
  Tanh: unary(),
  Sigmoid: unary(),
  Softplus: unary(),
  Relu: unary(),
  LeakyRelu: withAlpha,
  Elu: unary(),
  Selu: unary({ flops: 2 }),
  /** 1 above zero, alpha elsewhere. */
  Step: withAlpha,
  Sign: unary(),
  Floor: unary(),
  Ceil: unary(),
  Round: unary(),
  Sin: unary(),
  Cos: unary(),
  Tan: unary(),
  Sinh: unary(),
  Cosh: unary(),
  Asin: unary(),
  Acos: unary(),
  Atan: unary(),
  Asinh: unary(),
  Acosh: unary(),
  Atanh: unary(),
  IsNan: unary({ dtype: 'bool' }),
  IsInf: unary({ dtype: 'bool' }),
  IsFinite: unary({ dtype: 'bool' }),
  LogicalNot: unary({ dtype: 'bool' }),
  ClipByValue: clipByValue,
  Cast: cast,
  Add: binary(),
  Sub: binary(),
  Multiply: binary(),
  RealDiv: binary(),
  FloorDiv: floorDiv,
  Mod: binary(),
  Pow: binary(),
  Maximum: binary(),
  Minimum: binary(),
  SquaredDifference: binary({ flops: 2 }),
  Prelu: binary({ inputs: ['x', 'alpha'] }),
  Equal: comparison,
  NotEqual: comparison,
  Greater: comparison,
  GreaterEqual: comparison,
  Less: comparison,
  LessEqual: comparison,
  LogicalAnd: comparison,
  LogicalOr: comparison,
  Select: select,
  AddN: addN,
  EluGrad: binary({ flops: 2, inputs: ['dy', 'y'] }),
};
