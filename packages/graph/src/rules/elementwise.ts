import * as tf from '@tensorflow/tfjs-core';
import type { DType } from '../dtype.ts';
import type { ValueInfo } from '../graph.ts';
import { sizeOf } from '../graph.ts';
import type { KernelName } from '../kernels.ts';
import type { KernelCall, KernelRule } from './kernel-rule.ts';
import { inputAt } from './kernel-rule.ts';

/** Operations per element of a function that hardware has no single instruction for, by convention one. */
const ONE = 1;

/** Same shape; same dtype unless one is given. `perElement` operations for each output element. */
export function unary<K extends KernelName>(perElement: number = ONE, dtype?: DType): KernelRule<K> {
  return {
    infer: ({ inputs }) => {
      const x = inputAt(inputs, 0);
      return [{ shape: x.shape, dtype: dtype ?? x.dtype }];
    },
    flops: (_call, outputs) => perElement * elements(outputs),
    elementwise: true,
  };
}

/** Broadcast shapes; the wider dtype unless one is given. */
export function binary<K extends KernelName>(perElement: number = ONE, dtype?: DType): KernelRule<K> {
  return {
    infer: ({ inputs }) => {
      const [a, b] = [inputAt(inputs, 0), inputAt(inputs, 1)];
      return [{ shape: broadcastShapes(a.shape, b.shape), dtype: dtype ?? widerDType(a.dtype, b.dtype) }];
    },
    flops: (_call, outputs) => perElement * elements(outputs),
    elementwise: true,
  };
}

/** where(condition, t, e): t and e have the output's shape, the condition may have a lower rank. */
export const select: KernelRule<'Select'> = {
  infer: ({ inputs }) => {
    const [condition, t, e] = [inputAt(inputs, 0), inputAt(inputs, 1), inputAt(inputs, 2)];
    const shape = broadcastShapes(broadcastShapes(condition.shape, t.shape), e.shape);
    return [{ shape, dtype: widerDType(t.dtype, e.dtype) }];
  },
  flops: () => 0,
  elementwise: true,
};

/** Sum of n tensors of one shape: n - 1 additions for each element. */
export const addN: KernelRule<'AddN'> = {
  infer: ({ inputs }) => [inputAt(inputs, 0)],
  flops: ({ inputs }, outputs) => (inputs.length - 1) * elements(outputs),
  elementwise: true,
};

export const cast: KernelRule<'Cast'> = {
  infer: ({ inputs, attributes }: KernelCall<'Cast'>) => [{ shape: inputAt(inputs, 0).shape, dtype: attributes.dtype }],
  flops: () => 0,
  elementwise: true,
};

export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  return tf.broadcast_util.assertAndGetBroadcastShape([...a], [...b]);
}

function widerDType(a: DType, b: DType): DType {
  return tf.upcastType(a, b) as DType;
}

function elements(outputs: readonly ValueInfo[]): number {
  return outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}
