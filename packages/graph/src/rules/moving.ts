import * as tf from '@tensorflow/tfjs-core';
import type { ValueInfo } from '../graph.ts';
import type { KernelName } from '../kernels.ts';
import type { KernelCall, KernelRule } from './kernel-rule.ts';
import { inputAt } from './kernel-rule.ts';

/** A kernel that only moves data: no operations, the first input's dtype. */
export function moving<K extends KernelName>(shapeOf: (call: KernelCall<K>) => readonly number[]): KernelRule<K> {
  return {
    infer: (call) => [{ shape: shapeOf(call), dtype: inputAt(call.inputs, 0).dtype }],
    flops: () => 0,
  };
}

export function firstShape({ inputs }: { readonly inputs: readonly ValueInfo[] }): readonly number[] {
  return inputAt(inputs, 0).shape;
}

export const concat = moving<'Concat'>(({ inputs, attributes }) =>
  tf.backend_util.computeOutShape(
    inputs.map(({ shape }) => [...shape]),
    attributes.axis,
  ),
);

export const splitV: KernelRule<'SplitV'> = {
  infer: ({ inputs, attributes: { sizes, axis } }) => {
    const x = inputAt(inputs, 0);
    return sizes.map((size) => ({ shape: x.shape.with(axis, size), dtype: x.dtype }));
  },
  flops: () => 0,
};

export const padV2 = moving<'PadV2'>(({ inputs, attributes }) =>
  inputAt(inputs, 0).shape.map((size, axis) => {
    const [before, after] = attributes.paddings[axis] ?? [0, 0];
    return before + size + after;
  }),
);

export const tile = moving<'Tile'>(({ inputs, attributes }) =>
  inputAt(inputs, 0).shape.map((size, axis) => size * (attributes.reps[axis] ?? 1)),
);

export const transpose = moving<'Transpose'>(({ inputs, attributes }) =>
  attributes.perm.map((axis) => inputAt(inputs, 0).shape[axis] ?? 1),
);

export const fill: KernelRule<'Fill'> = {
  infer: ({ attributes: { shape, dtype } }) => [{ shape, dtype }],
  flops: () => 0,
};
