import { sizeOf } from '@attune/base';
import { castTo, info, type LoweringCall, type LoweringRule, name } from './lowering-rule.ts';

type ReductionKernel = 'Sum' | 'Mean' | 'Max' | 'Min' | 'Prod' | 'Any' | 'All';

/** Reduces in the output's dtype: a mean of integers in floats, a sum of bools in integers. */
function reduction(opType: string): LoweringRule<'Sum' | 'Mean' | 'Prod'> {
  return (call) => {
    const { dtype } = call.outputs[0]!;
    const x = info(call).dtype === dtype ? name(call) : castTo(call.builder, name(call), dtype);
    return [reduce(call, opType, x)];
  };
}

/**
 * A sum over rows, as the gradient of a bias is, is a product with ones; any other is ONNX's. Axes are looked at before
 * sizes, which may be open: exported functions sum over other axes alone.
 */
const sum: LoweringRule<'Sum'> = (call) => {
  const plain = reduction('ReduceSum');
  const leading = call.attributes.axes.length;
  if (!call.attributes.axes.every((axis, place) => axis === place)) return plain(call);
  const { shape, dtype } = info(call);
  const rows = sizeOf(shape.slice(0, leading));
  const columns = sizeOf(shape.slice(leading));
  if (dtype !== 'float32' || leading === shape.length || rows < FEWEST_ROWS || columns < FEWEST_ROWS) {
    return plain(call);
  }
  const { builder } = call;
  const ones = builder.filled(call.attributes.keepDims ? [1, rows] : [rows], 1);
  const reshaped = (x: string, to: readonly number[]): string => builder.node('Reshape', [x, builder.ints(to)]);
  if (shape.length === 2) return [builder.node('MatMul', [ones, name(call)])];
  return [reshaped(builder.node('MatMul', [ones, reshaped(name(call), [rows, columns])]), call.outputs[0]!.shape)];
};

/** Sums of fewer rows or columns are too short for a product to be faster. */
const FEWEST_ROWS = 8;

/** The largest or smallest element. ONNX Runtime drops NaN from some of its vectorised reductions. */
function extreme(opType: 'ReduceMax' | 'ReduceMin'): LoweringRule<'Max' | 'Min'> {
  return (call) => {
    const { builder } = call;
    const reduced = reduce(call, opType, name(call));
    if (info(call).dtype !== 'float32' || call.attributes.axes.length === 0) {
      return [reduced];
    }
    const areNaN = castTo(builder, builder.node('IsNaN', [name(call)]), 'int32');
    const hasNaN = castTo(builder, reduce(call, 'ReduceMax', areNaN), 'bool');
    return [builder.node('Where', [hasNaN, builder.scalar(Number.NaN, 'float32'), reduced])];
  };
}

/** Any is a sum, All the minimum of zeros and ones; the maximum of nothing would be true. */
function logicalReduction(opType: 'ReduceSum' | 'ReduceMin'): LoweringRule<'Any' | 'All'> {
  return (call) => {
    const reduced = reduce(call, opType, castTo(call.builder, name(call), 'int32'));
    return [castTo(call.builder, reduced, 'bool')];
  };
}

function reduce(call: LoweringCall<ReductionKernel>, opType: string, x: string): string {
  const { axes, keepDims } = call.attributes;
  // No axes means "all axes" to ONNX and "none" here.
  return axes.length === 0
    ? x
    : call.builder.node(opType, [x, call.builder.ints(axes)], { attributes: { keepdims: keepDims } });
}

/** The first index, as TensorFlow.js gives it. */
function argReduction(opType: 'ArgMax' | 'ArgMin'): LoweringRule<'ArgMax' | 'ArgMin'> {
  return ({ builder, inputs, attributes }) => [
    castTo(builder, builder.node(opType, inputs, { attributes: { axis: attributes.axis, keepdims: 0 } }), 'int32'),
  ];
}

/** Of equal values the one with the lower index comes first, as in TensorFlow.js. */
const topK: LoweringRule<'TopK'> = (call) => {
  const { builder, attributes } = call;
  const outputs = [builder.newName(), builder.newName()];
  builder.node('TopK', [name(call), builder.ints([attributes.k])], { attributes: { axis: -1 }, outputs });
  return [outputs[0]!, castTo(builder, outputs[1]!, 'int32')];
};

const softmax: LoweringRule<'Softmax'> = ({ builder, inputs }) => [
  builder.node('Softmax', inputs, { attributes: { axis: -1 } }),
];

const cumsum: LoweringRule<'Cumsum'> = (call) => {
  const { builder, attributes } = call;
  const axis = builder.scalar(attributes.axis, 'int32');
  const options = { attributes: { exclusive: attributes.exclusive, reverse: attributes.reverse } };
  return [builder.node('CumSum', [name(call), axis], options)];
};

/**
 * Running product along an axis of length n, which this opset lacks: repeat the axis, [..., n, n, ...], put ones
 * where a factor is not yet in, and multiply. n² work; the gradient of a product is its only user.
 */
const cumprod: LoweringRule<'Cumprod'> = (call) => {
  const { builder, attributes } = call;
  const { shape, dtype } = info(call);
  const { axis } = attributes;
  const length = shape[axis]!;
  const mask = Uint8Array.from({ length: length * length }, (_, index) =>
    Number(isFactor(attributes, Math.floor(index / length), index % length)),
  );
  // Axis `axis` counts results, axis + 1 factors.
  const maskShape = [length, length, ...shape.slice(axis + 1).map(() => 1)];
  const isIn = builder.tensor({ type: 'bool', shape: maskShape, data: mask });
  const repeated = builder.node('Unsqueeze', [name(call), builder.ints([axis])]);
  const factors = builder.node('Where', [isIn, repeated, builder.scalar(1, dtype)]);
  return [builder.node('ReduceProd', [factors, builder.ints([axis + 1])], { attributes: { keepdims: 0 } })];
};

function isFactor(
  { exclusive, reverse }: { readonly exclusive: boolean; readonly reverse: boolean },
  result: number,
  factor: number,
): boolean {
  const distance = reverse ? factor - result : result - factor;
  return exclusive ? distance > 0 : distance >= 0;
}

/** How reductions become ONNX nodes. */
export const reductions = {
  Sum: sum,
  Mean: reduction('ReduceMean'),
  Max: extreme('ReduceMax'),
  Min: extreme('ReduceMin'),
  Prod: reduction('ReduceProd'),
  Any: logicalReduction('ReduceSum'),
  All: logicalReduction('ReduceMin'),
  ArgMax: argReduction('ArgMax'),
  ArgMin: argReduction('ArgMin'),
  TopK: topK,
  Softmax: softmax,
  Cumsum: cumsum,
  Cumprod: cumprod,
};
