import { sizeOf } from '@attune/base';
import type * as tf from '@tensorflow/tfjs-core';
import type { Kernel, None, RunKernel } from './kernel.ts';
import { anything, inputAt, inputElements, likeFirst, never } from './parts.ts';

/** What is added to the variance. */
export interface Epsilon {
  readonly epsilon: number;
}

/** A float32 scalar: the fill of no axes. */
function number(run: RunKernel, value: number): tf.TensorInfo {
  return run('Fill', {}, { shape: [], value, dtype: 'float32' })[0]!;
}

function binary(run: RunKernel, kernel: 'Add' | 'Sub' | 'Multiply', a: tf.TensorInfo, b: tf.TensorInfo): tf.TensorInfo {
  return run(kernel, { a, b })[0]!;
}

/** n and s of `Normalize`. */
function normalized(run: RunKernel, x: tf.TensorInfo, epsilon: number): readonly [tf.TensorInfo, tf.TensorInfo] {
  const shape = [...x.shape.slice(0, -1), 1];
  const mean = (of: tf.TensorInfo): tf.TensorInfo => {
    const [means] = run('Mean', { x: of }, { axis: [x.shape.length - 1], keepDims: true });
    return run('Reshape', { x: means! }, { shape })[0]!;
  };
  const centered = binary(run, 'Sub', x, mean(x));
  const variance = mean(run('Square', { x: centered })[0]!);
  const [scale] = run('Rsqrt', { x: binary(run, 'Add', variance, number(run, epsilon)) });
  return [binary(run, 'Multiply', centered, scale!), scale!];
}

/**
 * x over its last axis: n = (x - mean) · s with s = 1 / √(variance + epsilon); outputs n and s, which has one value
 * where the last axis was. Mean, difference, square, mean and product: five operations for each element, as the nodes it
 * stands for.
 */
const normalize: Kernel<Epsilon> = {
  infer: ({ inputs }) => {
    const x = inputAt(inputs, 0);
    return [x, { shape: [...x.shape.slice(0, -1), 1], dtype: x.dtype }];
  },
  flops: (call) => 5 * inputElements(call),
  check: anything,
  trace: undefined,
  evaluate: ({ inputs, attributes, run }) => normalized(run, inputs[0]!, attributes.epsilon),
  separable: never,
};

/** n · gamma + beta for the n of Normalize: a product and a sum more. */
const layerNorm: Kernel<Epsilon> = {
  infer: likeFirst,
  flops: (call) => 7 * inputElements(call),
  check: anything,
  trace: undefined,
  evaluate: ({ inputs, attributes, run }) => {
    const [n] = normalized(run, inputs[0]!, attributes.epsilon);
    return [binary(run, 'Add', binary(run, 'Multiply', n, inputs[1]!), inputs[2]!)];
  },
  separable: never,
};

/** x · ½ (1 + erf(x / √2)) */
const gelu: Kernel<None> = {
  infer: likeFirst,
  flops: (_call, outputs) => 5 * sizeOf(outputs[0]!.shape),
  check: anything,
  trace: undefined,
  evaluate: ({ inputs, run }) => {
    const x = inputs[0]!;
    const [erf] = run('Erf', { x: binary(run, 'Multiply', x, number(run, Math.SQRT1_2)) });
    const cumulative = binary(run, 'Multiply', binary(run, 'Add', erf!, number(run, 1)), number(run, 0.5));
    return [binary(run, 'Multiply', x, cumulative)];
  },
  separable: never,
  elementwise: true,
};

/** What layers compute in several kernels, as one; only `fuse` puts them into a graph. */
export const fusedLayers = { Normalize: normalize, LayerNorm: layerNorm, Gelu: gelu };
