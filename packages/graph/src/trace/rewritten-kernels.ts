import { TraceError } from '@attune/base';
import { runOnCpu } from '../evaluate-graph.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import type { TracedCall } from '../kernels/kernel.ts';
import { attribute, axisOf } from '../kernels/parts.ts';
import { sameShape, type ValueId } from '../values.ts';
import { callSite } from './trace-error.ts';

/** A call of a kernel that is recorded as others. */
export interface RewrittenCall extends TracedCall {
  readonly builder: GraphBuilder;
}

type Rewriting = (call: RewrittenCall) => readonly ValueId[];

/** x in another shape; x itself where it has that shape. */
export function toShape(
  builder: GraphBuilder,
  kernel: 'Reshape' | 'BroadcastTo',
  x: ValueId,
  shape: readonly number[],
): ValueId {
  return sameShape(builder.info(x).shape, shape) ? x : builder.emit(kernel, [x], { shape })[0]!;
}

const reshaped = ({ builder }: RewrittenCall, x: ValueId, shape: readonly number[]): ValueId =>
  toShape(builder, 'Reshape', x, shape);

const relu6 = ({ builder }: RewrittenCall, x: ValueId): ValueId =>
  builder.emit('ClipByValue', [x], { min: 0, max: 6 })[0]!;

/** activation(a b + bias), as the kernels that it is made of; a pass may fuse them again. */
const fusedMatMul: Rewriting = (call) => {
  const { builder } = call;
  const product = builder.emit('BatchMatMul', [call.input('a'), call.input('b')], {
    transposeA: attribute<boolean | undefined>(call, 'transposeA') ?? false,
    transposeB: attribute<boolean | undefined>(call, 'transposeB') ?? false,
  })[0]!;
  const sum = call.has('bias') ? builder.emit('Add', [product, call.input('bias')], {})[0]! : product;
  return [activated(call, sum)];
};

function activated(call: RewrittenCall, x: ValueId): ValueId {
  const { builder } = call;
  const activation = attribute<string | undefined>(call, 'activation') ?? 'linear';
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return builder.emit('Relu', [x], {})[0]!;
    case 'relu6':
      return relu6(call, x);
    case 'elu':
      return builder.emit('Elu', [x], {})[0]!;
    case 'sigmoid':
      return builder.emit('Sigmoid', [x], {})[0]!;
    case 'leakyrelu':
      return builder.emit('LeakyRelu', [x], { alpha: attribute<number>(call, 'leakyreluAlpha') })[0]!;
    case 'prelu':
      return builder.emit('Prelu', [x, call.input('preluActivationWeights')], {})[0]!;
    default:
      throw new TraceError(
        `trace: kernel "_FusedMatMul" with activation "${activation}" has no rule${callSite()}; ` +
          'apply the activation to the result of tf.matMul',
      );
  }
}

/** (x - mean) / sqrt(variance + epsilon) · scale + offset; scale and offset may be absent. */
const fusedBatchNorm: Rewriting = (call) => {
  const { builder } = call;
  const [x, mean, variance] = [call.input('x'), call.input('mean'), call.input('variance')];
  const scalar = { shape: [], dtype: 'float32' } as const;
  const epsilon = builder.constant(scalar, Float32Array.of(attribute<number>(call, 'varianceEpsilon')));
  const [shifted] = builder.emit('Add', [variance, epsilon], {});
  const [inverse] = builder.emit('Rsqrt', [shifted!], {});
  const [slope] = call.has('scale') ? builder.emit('Multiply', [inverse!, call.input('scale')], {}) : [inverse];
  const [centred] = builder.emit('Sub', [x, mean], {});
  const scaled = builder.emit('Multiply', [centred!, slope!], {});
  return call.has('offset') ? builder.emit('Add', [scaled[0]!, call.input('offset')], {}) : scaled;
};

const expandDims: Rewriting = (call) => {
  const input = call.input('input');
  const { shape } = call.info(input);
  return [reshaped(call, input, shape.toSpliced(axisOf(call, 'dim', shape.length + 1), 0, 1))];
};

/** Stacking is concatenation of inputs with one more axis. */
const pack: Rewriting = (call) => {
  const inputs = call.list();
  const { shape } = call.info(inputs[0]!);
  const axis = axisOf(call, 'axis', shape.length + 1);
  const expanded = inputs.map((input) => reshaped(call, input, shape.toSpliced(axis, 0, 1)));
  return expanded.length === 1 ? expanded : call.builder.emit('Concat', expanded, { axis });
};

/** Unstacking is a split into ones, with that axis removed; TensorFlow.js gives a list even of one. */
const unpack: Rewriting = (call) => {
  const value = call.input('value');
  const { shape } = call.info(value);
  const axis = axisOf(call, 'axis', shape.length);
  const sizes = Array<number>(shape[axis] ?? 0).fill(1);
  const parts = sizes.length === 1 ? [value] : call.builder.emit('SplitV', [value], { sizes, axis });
  return parts.map((part) => reshaped(call, part, shape.toSpliced(axis, 1)));
};

/** Mirroring an axis gathers its elements in another order. "reflect" leaves out the element at the border. */
const mirrorPad: Rewriting = (call) => {
  const paddings = attribute<[number, number][]>(call, 'paddings');
  const border = attribute<'reflect' | 'symmetric'>(call, 'mode') === 'reflect' ? 1 : 0;
  const padAxis = (x: ValueId, [before, after]: [number, number], axis: number): ValueId => {
    const size = call.info(x).shape[axis]!;
    const order = [
      ...Array.from({ length: before }, (_, index) => before - 1 - index + border),
      ...Array.from({ length: size }, (_, index) => index),
      ...Array.from({ length: after }, (_, index) => size - 1 - index - border),
    ];
    const indices = { shape: [order.length], dtype: 'int32' } as const;
    return before + after === 0
      ? x
      : call.builder.emit('GatherV2', [x, call.builder.constant(indices, Int32Array.from(order))], {
          axis,
          batchDims: 0,
        })[0]!;
  };
  return [paddings.reduce(padAxis, call.input('x'))];
};

/** A Fill with another tensor's shape and dtype. */
const likeFill =
  (value: number): Rewriting =>
  (call) =>
    call.builder.emit('Fill', [], { ...call.info(call.input('x')), value });

/** A kernel of numbers alone, as a constant: TensorFlow.js's own result. */
const computed: Rewriting = (call) => {
  const [result] = runOnCpu([], (_none, run) => run(call.kernel, {}, call.attributes));
  const { data, ...info } = result!;
  return [call.builder.constant(info, data)];
};

/** Kernels of TensorFlow.js that are recorded as other kernels, by its names. */
export const rewrittenKernels = {
  Identity: (call) => [call.input('x')],
  Relu6: (call) => [relu6(call, call.input('x'))],
  _FusedMatMul: fusedMatMul,
  FusedBatchNorm: fusedBatchNorm,
  ExpandDims: expandDims,
  Pack: pack,
  Unpack: unpack,
  MirrorPad: mirrorPad,
  ZerosLike: likeFill(0),
  OnesLike: likeFill(1),
  Range: computed,
  LinSpace: computed,
} satisfies Readonly<Record<string, Rewriting>>;

/** The name of a kernel that is recorded as others. */
export type RewrittenKernel = keyof typeof rewrittenKernels;
