import { TraceError } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import { callSite } from '../trace/trace-error.ts';
import type { DType } from '../values.ts';
import type { Kernel, None, SeparableCall, TracedCall } from './kernel.ts';
import {
  anything,
  attribute,
  axesOf,
  axisOf,
  checkAxes,
  checkAxis,
  holdsExamples,
  inputAt,
  inputElements,
  isCount,
  likeFirst,
  must,
  named,
  never,
} from './parts.ts';

/** Axes, ascending, and whether they stay as axes of length one. */
export interface Reduction {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

interface ReductionOptions {
  readonly dtype: (of: DType) => DType;
  /** TensorFlow.js's name of the attribute. */
  readonly axisName?: string;
  /** There is no value for no elements, or TensorFlow.js's backends give different ones. */
  readonly needsElements?: true;
}

const same = (dtype: DType): DType => dtype;
const numeric = (dtype: DType): DType => (dtype === 'bool' ? 'int32' : dtype);
const always = (dtype: DType) => (): DType => dtype;

/** Reduces the given axes: one operation for each input element. */
function reduction({ dtype, axisName = 'axis', needsElements }: ReductionOptions): Kernel<Reduction> {
  return {
    infer: ({ inputs, attributes }) => {
      const x = inputAt(inputs, 0);
      const axes = [...attributes.axes];
      const [reduced] = tf.backend_util.computeOutAndReduceShapes([...x.shape], axes);
      const shape = attributes.keepDims ? tf.backend_util.expandShapeToKeepDim(reduced, axes) : reduced;
      return [{ shape, dtype: dtype(x.dtype) }];
    },
    flops: inputElements,
    check: checkAxes,
    trace: (call) => {
      const x = call.input('x');
      const { shape } = call.info(x);
      const axes = axesOf(call, axisName, shape);
      if (needsElements) refuseEmpty(call, shape, axes);
      return call.emit([x], { axes, keepDims: attribute<boolean | undefined>(call, 'keepDims') ?? false });
    },
    evaluate: ({ inputs, attributes: { axes, keepDims }, runOwn }) =>
      runOwn({ x: inputs[0]! }, { [axisName]: axes, keepDims }),
    separable: (call) => !call.attributes.axes.includes(0) && holdsExamples(call),
  };
}

/** @throws TraceError when every element of the result would come from no elements */
function refuseEmpty({ kernel }: TracedCall, shape: readonly number[], axes: readonly number[]): void {
  const hasResult = shape.every((size, axis) => size > 0 || axes.includes(axis));
  if (hasResult && shape.includes(0)) {
    throw new TraceError(
      `trace: kernel "${kernel}" over axes [${axes.join(', ')}] of [${shape.join(', ')}] has no elements to ` +
        `reduce${callSite()}; leave out the empty tensor`,
    );
  }
}

/** The axis that a kernel works along. */
export interface Along {
  readonly axis: number;
}

const alongOtherAxis = (call: SeparableCall<Along>): boolean => call.attributes.axis !== 0 && holdsExamples(call);

/** Index of the largest or smallest element along one axis, which disappears. */
const argReduction: Kernel<Along> = {
  infer: ({ inputs, attributes }) => {
    const shape = inputAt(inputs, 0).shape.filter((_, axis) => axis !== attributes.axis);
    return [{ shape, dtype: 'int32' }];
  },
  flops: inputElements,
  check: checkAxis,
  trace: (call) => {
    const x = call.input('x');
    const { shape } = call.info(x);
    const axis = axisOf(call, 'axis', shape.length);
    refuseEmpty(call, shape, [axis]);
    return call.emit([x], { axis });
  },
  evaluate: named('x'),
  separable: alongOtherAxis,
};

/** The k largest of the last axis, descending, and where they are. TensorFlow.js may leave them unsorted; not here. */
const topK: Kernel<{ readonly k: number }> = {
  infer: ({ inputs, attributes: { k } }) => {
    const x = inputAt(inputs, 0);
    const shape = x.shape.with(-1, k);
    return [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int32' },
    ];
  },
  flops: inputElements,
  check: ({ inputs, attributes: { k } }) => {
    const length = inputAt(inputs, 0).shape.at(-1) ?? 0;
    return must(isCount(k) && k <= length, `k must be at most ${length}`);
  },
  trace: (call) => call.emit([call.input('x')], { k: attribute<number>(call, 'k') }),
  evaluate: ({ inputs, attributes: { k }, runOwn }) => runOwn({ x: inputs[0]! }, { k, sorted: true }),
  separable: never,
};

/**
 * Softmax over the last axis, TensorFlow.js refuses any other: maximum, difference, exponential, sum and quotient, five
 * operations for each element.
 */
const softmax: Kernel<None> = {
  infer: likeFirst,
  flops: (call) => 5 * inputElements(call),
  check: anything,
  trace: (call) => call.emit([call.input('logits')], {}),
  evaluate: ({ inputs, runOwn }) => runOwn({ logits: inputs[0]! }, { dim: -1 }),
  separable: (call) => call.shape.length > 1 && holdsExamples(call),
};

/** Whether an element counts itself in, and whether the sum runs from the end. */
export interface Scan extends Along {
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** Running sum or product along one axis. */
const scan: Kernel<Scan> = {
  infer: likeFirst,
  flops: inputElements,
  check: checkAxis,
  trace: (call) => {
    const x = call.input('x');
    return call.emit([x], {
      axis: axisOf(call, 'axis', call.info(x).shape.length),
      exclusive: attribute<boolean | undefined>(call, 'exclusive') ?? false,
      reverse: attribute<boolean | undefined>(call, 'reverse') ?? false,
    });
  },
  evaluate: named('x'),
  separable: alongOtherAxis,
};

/** Kernels in which many elements of an axis decide one. */
export const reductions = {
  Sum: reduction({ dtype: numeric }),
  Mean: reduction({ dtype: always('float32') }),
  Max: reduction({ dtype: same, axisName: 'reductionIndices', needsElements: true }),
  Min: reduction({ dtype: same, needsElements: true }),
  Prod: reduction({ dtype: numeric }),
  Any: reduction({ dtype: always('bool') }),
  All: reduction({ dtype: always('bool'), needsElements: true }),
  ArgMax: argReduction,
  ArgMin: argReduction,
  TopK: topK,
  Softmax: softmax,
  Cumsum: scan,
  Cumprod: scan,
};
