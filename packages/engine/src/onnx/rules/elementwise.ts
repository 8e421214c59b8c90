import type { KernelName } from '@attune/graph';
import { castTo, info, type LoweringCall, type LoweringRule, name } from './lowering-rule.ts';

/** The ONNX operator with the same inputs and meaning. */
function same(opType: string): LoweringRule<KernelName> {
  return ({ builder, inputs }) => [builder.node(opType, inputs)];
}

/** Operators that ONNX has for floats only; on integers they change nothing. */
function floatOnly(opType: string): LoweringRule<KernelName> {
  return (call) => [info(call).dtype === 'float32' ? call.builder.node(opType, call.inputs) : name(call)];
}

/** The opposite of a comparison. */
function negated(opType: string): LoweringRule<KernelName> {
  return ({ builder, inputs }) => [builder.node('Not', [builder.node(opType, inputs)])];
}

/** 1 above 0, -1 below, and 0 for NaN, as TensorFlow.js has it. */
const sign: LoweringRule<'Sign'> = (call) => {
  const { builder, inputs } = call;
  const { dtype } = info(call);
  if (dtype !== 'float32') {
    return [builder.node('Sign', inputs)];
  }
  const compare = (opType: 'Greater' | 'Less'): string =>
    castTo(builder, builder.node(opType, [name(call), builder.scalar(0, dtype)]), dtype);
  return [builder.node('Sub', [compare('Greater'), compare('Less')])];
};

/** 1 / sqrt(x) */
const rsqrt: LoweringRule<'Rsqrt'> = ({ builder, inputs }) => [
  builder.node('Reciprocal', [builder.node('Sqrt', inputs)]),
];

const square: LoweringRule<'Square'> = (call) => [call.builder.node('Mul', [name(call), name(call)])];

/** (a - b)² */
const squaredDifference: LoweringRule<'SquaredDifference'> = ({ builder, inputs }) => {
  const difference = builder.node('Sub', inputs);
  return [builder.node('Mul', [difference, difference])];
};

/**
 * log(1 + x) with full precision near 0: with u = fl(1 + x), x where u = 1, else log(u) · x / (u - 1).
 * Goldberg 1991, "What every computer scientist should know about floating-point arithmetic", theorem 4.
 */
const log1p: LoweringRule<'Log1p'> = (call) => {
  const { builder } = call;
  const one = builder.scalar(1, 'float32');
  const u = builder.node('Add', [name(call), one]);
  const isOne = builder.node('Equal', [u, one]);
  const quotient = builder.node('Div', [name(call), builder.node('Sub', [u, one])]);
  const log = builder.node('Log', [u]);
  const product = builder.node('Mul', [log, quotient]);
  // An infinite x has the quotient NaN, its logarithm is right as it is.
  const finite = builder.node('Where', [builder.node('IsInf', [u]), log, product]);
  return [builder.node('Where', [isOne, name(call), finite])];
};

/** exp(x) - 1 = 2 tanh(x / 2) / (1 - tanh(x / 2)) near 0, where the difference would lose digits. */
const expm1: LoweringRule<'Expm1'> = (call) => {
  const { builder } = call;
  const [one, two] = [builder.scalar(1, 'float32'), builder.scalar(2, 'float32')];
  const tanh = builder.node('Tanh', [builder.node('Div', [name(call), two])]);
  const near = builder.node('Div', [builder.node('Mul', [two, tanh]), builder.node('Sub', [one, tanh])]);
  const far = builder.node('Sub', [builder.node('Exp', [name(call)]), one]);
  const isNear = builder.node('Less', [builder.node('Abs', [name(call)]), one]);
  return [builder.node('Where', [isNear, near, far])];
};

/** 1 above 0, else alpha; NaN stays NaN. */
const step: LoweringRule<'Step'> = (call) => {
  const { builder, attributes } = call;
  const { dtype } = info(call);
  const positive = builder.node('Greater', [name(call), builder.scalar(0, dtype)]);
  const result =
    attributes.alpha === 0
      ? builder.node('Cast', [positive], { attributes: { to: dtype === 'float32' ? 1 : 6 } })
      : builder.node('Where', [positive, builder.scalar(1, dtype), builder.scalar(attributes.alpha, dtype)]);
  return [keepNaN(call, result)];
};

/** result, but NaN where the input is NaN. */
function keepNaN(call: LoweringCall<'Step'>, result: string): string {
  if (info(call).dtype !== 'float32') {
    return result;
  }
  return call.builder.node('Where', [call.builder.node('IsNaN', [name(call)]), name(call), result]);
}

const leakyRelu: LoweringRule<'LeakyRelu'> = ({ builder, inputs, attributes }) => [
  builder.node('LeakyRelu', inputs, { attributes: { alpha: { float: attributes.alpha } } }),
];

/** x where x >= 0, else alpha x; ONNX's PRelu broadcasts alpha alone. */
const prelu: LoweringRule<'Prelu'> = (call) => {
  const { builder, inputs } = call;
  const isBelow = builder.node('Less', [name(call), builder.scalar(0, 'float32')]);
  return [builder.node('Where', [isBelow, builder.node('Mul', inputs), name(call)])];
};

/** dy where y >= 0, else dy (y + 1), NaN where y is. */
const eluGrad: LoweringRule<'EluGrad'> = (call) => {
  const { builder } = call;
  const slope = builder.node('Add', [name(call, 1), builder.scalar(1, 'float32')]);
  const below = builder.node('Mul', [name(call), slope]);
  const isAbove = builder.node('GreaterOrEqual', [name(call, 1), builder.scalar(0, 'float32')]);
  return [builder.node('Where', [isAbove, name(call), below])];
};

const clipByValue: LoweringRule<'ClipByValue'> = (call) => {
  const { builder, attributes } = call;
  const { dtype } = info(call);
  return [
    builder.node('Clip', [name(call), builder.scalar(attributes.min, dtype), builder.scalar(attributes.max, dtype)]),
  ];
};

const isFiniteNumber: LoweringRule<'IsFinite'> = ({ builder, inputs }) => [
  builder.node('Not', [builder.node('Or', [builder.node('IsNaN', inputs), builder.node('IsInf', inputs)])]),
];

const cast: LoweringRule<'Cast'> = (call) => [castTo(call.builder, name(call), call.attributes.dtype)];

/**
 * The remainder has the sign of the divisor: fmod(a, b) where a and b have one sign, else fmod(fmod(a, b) + b, b),
 * as TensorFlow.js computes it. Integers by zero are zero.
 */
const mod: LoweringRule<'Mod'> = (call) => {
  const { builder, inputs } = call;
  if (info(call).dtype === 'int32') {
    return [zeroByZero(call, (divisor) => builder.node('Mod', [name(call), divisor]))];
  }
  const fmod = (a: string): string => builder.node('Mod', [a, name(call, 1)], { attributes: { fmod: 1 } });
  const isNegative = inputs.map((input) => builder.node('Less', [input, builder.scalar(0, 'float32')]));
  const remainder = fmod(name(call));
  const turned = fmod(builder.node('Add', [remainder, name(call, 1)]));
  return [builder.node('Where', [builder.node('Equal', isNegative), remainder, turned])];
};

/** floor(a / b); ONNX's integer division rounds towards zero, so the remainder goes first. By zero it is zero. */
const floorDiv: LoweringRule<'FloorDiv'> = (call) => {
  const { builder } = call;
  return [
    zeroByZero(call, (divisor) => {
      const multiple = builder.node('Sub', [name(call), builder.node('Mod', [name(call), divisor])]);
      return builder.node('Div', [multiple, divisor]);
    }),
  ];
};

/** An integer division by zero would end the process. */
function zeroByZero(call: LoweringCall<'Mod' | 'FloorDiv'>, divide: (divisor: string) => string): string {
  const { builder } = call;
  const [zero, one] = [builder.scalar(0, 'int32'), builder.scalar(1, 'int32')];
  const isZero = builder.node('Equal', [name(call, 1), zero]);
  return builder.node('Where', [isZero, zero, divide(builder.node('Where', [isZero, one, name(call, 1)]))]);
}

/** ONNX Runtime chooses between numbers; between bools it is (c and t) or (not c and e). */
const select: LoweringRule<'Select'> = (call) => {
  const { builder, inputs } = call;
  if (call.outputs[0]!.dtype !== 'bool') {
    return [builder.node('Where', inputs)];
  }
  const chosen = builder.node('And', [name(call), name(call, 1)]);
  const other = builder.node('And', [builder.node('Not', [name(call)]), name(call, 2)]);
  return [builder.node('Or', [chosen, other])];
};

/** How element-wise kernels become ONNX nodes. */
export const elementwise = {
  Abs: same('Abs'),
  Neg: same('Neg'),
  Exp: same('Exp'),
  Expm1: expm1,
  Log: same('Log'),
  Log1p: log1p,
  Sqrt: same('Sqrt'),
  Rsqrt: rsqrt,
  Square: square,
  Reciprocal: same('Reciprocal'),
  Erf: same('Erf'),
  Tanh: same('Tanh'),
  Sigmoid: same('Sigmoid'),
  Softplus: same('Softplus'),
  Relu: same('Relu'),
  LeakyRelu: leakyRelu,
  Elu: same('Elu'),
  Selu: same('Selu'),
  Step: step,
  Sign: sign,
  Floor: floatOnly('Floor'),
  Ceil: floatOnly('Ceil'),
  Round: floatOnly('Round'),
  Sin: same('Sin'),
  Cos: same('Cos'),
  Tan: same('Tan'),
  Sinh: same('Sinh'),
  Cosh: same('Cosh'),
  Asin: same('Asin'),
  Acos: same('Acos'),
  Atan: same('Atan'),
  Asinh: same('Asinh'),
  Acosh: same('Acosh'),
  Atanh: same('Atanh'),
  IsNan: same('IsNaN'),
  IsInf: same('IsInf'),
  IsFinite: isFiniteNumber,
  LogicalNot: same('Not'),
  ClipByValue: clipByValue,
  Cast: cast,
  Add: same('Add'),
  Sub: same('Sub'),
  Multiply: same('Mul'),
  RealDiv: same('Div'),
  FloorDiv: floorDiv,
  Mod: mod,
  Pow: same('Pow'),
  Maximum: same('Max'),
  Minimum: same('Min'),
  SquaredDifference: squaredDifference,
  Prelu: prelu,
  Equal: same('Equal'),
  NotEqual: negated('Equal'),
  Greater: same('Greater'),
  GreaterEqual: same('GreaterOrEqual'),
  Less: same('Less'),
  LessEqual: same('LessOrEqual'),
  LogicalAnd: same('And'),
  LogicalOr: same('Or'),
  Select: select,
  AddN: same('Sum'),
  EluGrad: eluGrad,
};
