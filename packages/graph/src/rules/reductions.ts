import * as tf from '@tensorflow/tfjs-core';
import type { DType } from '../dtype.ts';
import type { ValueInfo } from '../graph.ts';
import { sizeOf } from '../graph.ts';
import type { KernelRule } from './kernel-rule.ts';
import { inputAt } from './kernel-rule.ts';

type ReductionKernel = 'Sum' | 'Mean' | 'Max' | 'Min' | 'Prod' | 'Any' | 'All';

/** Reduces the given axes: one operation for each input element. */
export function reduction<K extends ReductionKernel>(outputDType: (dtype: DType) => DType): KernelRule<K> {
  return {
    infer: ({ inputs, attributes }) => {
      const x = inputAt(inputs, 0);
      const axes = [...attributes.axes];
      const [reduced] = tf.backend_util.computeOutAndReduceShapes([...x.shape], axes);
      const shape = attributes.keepDims ? tf.backend_util.expandShapeToKeepDim(reduced, axes) : reduced;
      return [{ shape, dtype: outputDType(x.dtype) }];
    },
    flops: inputElements,
  };
}

/** Index of the largest or smallest element along one axis, which disappears. */
export function argReduction<K extends 'ArgMax' | 'ArgMin'>(): KernelRule<K> {
  return {
    infer: ({ inputs, attributes }) => {
      const shape = inputAt(inputs, 0).shape.filter((_, axis) => axis !== attributes.axis);
      return [{ shape, dtype: 'int32' }];
    },
    flops: inputElements,
  };
}

/** The k largest values of the last axis and their indices. */
export const topK: KernelRule<'TopK'> = {
  infer: ({ inputs, attributes: { k } }) => {
    const x = inputAt(inputs, 0);
    const shape = x.shape.with(-1, k);
    return [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int32' },
    ];
  },
  flops: inputElements,
};

/** Softmax over the last axis: maximum, difference, exponential, sum and quotient, five per element. */
export const softmax: KernelRule<'Softmax'> = {
  infer: ({ inputs }) => [inputAt(inputs, 0)],
  flops: (call) => 5 * inputElements(call),
};

/**
 * Mean, difference, square, mean and product over the last axis: five operations for each element, as the nodes it
 * stands for. The scale 1/√(variance + epsilon) has one value where the last axis was.
 */
export const normalize: KernelRule<'Normalize'> = {
  infer: ({ inputs }) => {
    const x = inputAt(inputs, 0);
    return [x, { shape: [...x.shape.slice(0, -1), 1], dtype: x.dtype }];
  },
  flops: (call) => 5 * inputElements(call),
};

/** Normalize, then a product and a sum. */
export const layerNorm: KernelRule<'LayerNorm'> = {
  infer: ({ inputs }) => [inputAt(inputs, 0)],
  flops: (call) => 7 * inputElements(call),
};

/** Running sum or product along one axis. */
export function scan<K extends 'Cumsum' | 'Cumprod'>(): KernelRule<K> {
  return {
    infer: ({ inputs }) => [inputAt(inputs, 0)],
    flops: inputElements,
  };
}

function inputElements({ inputs }: { readonly inputs: readonly ValueInfo[] }): number {
  return sizeOf(inputAt(inputs, 0).shape);
}
