import type * as tf from '@tensorflow/tfjs-core';
import type { EvaluationRule, RunKernel } from './evaluation-rule.ts';
import { batchMatMul } from './node-evaluations.ts';

/** A float32 scalar: the fill of no axes. */
function number(run: RunKernel, value: number): tf.TensorInfo {
  return run('Fill', {}, { shape: [], value, dtype: 'float32' })[0]!;
}

function binary(run: RunKernel, kernel: 'Add' | 'Sub' | 'Multiply', a: tf.TensorInfo, b: tf.TensorInfo): tf.TensorInfo {
  return run(kernel, { a, b })[0]!;
}

function meanOfLastAxis(run: RunKernel, x: tf.TensorInfo): tf.TensorInfo {
  return run('Mean', { x }, { axis: [x.shape.length - 1], keepDims: true })[0]!;
}

export const scaledMatMul: EvaluationRule<'ScaledMatMul'> = ({ inputs, attributes, outputs, run }) => {
  const [product] = batchMatMul({ inputs, attributes, outputs, run });
  return [binary(run, 'Multiply', product!, number(run, attributes.alpha))];
};

export const gemm: EvaluationRule<'Gemm'> = ({ inputs, attributes, outputs, run }) => {
  const [product] = scaledMatMul({ inputs, attributes, outputs, run });
  return [binary(run, 'Add', product!, inputs[2]!)];
};

export const normalize: EvaluationRule<'Normalize'> = ({ inputs, attributes, run }) => {
  const x = inputs[0]!;
  const shape = [...x.shape.slice(0, -1), 1];
  const keep = (mean: tf.TensorInfo): tf.TensorInfo => run('Reshape', { x: mean }, { shape })[0]!;
  const centered = binary(run, 'Sub', x, keep(meanOfLastAxis(run, x)));
  const [square] = run('Square', { x: centered });
  const variance = keep(meanOfLastAxis(run, square!));
  const [scale] = run('Rsqrt', { x: binary(run, 'Add', variance, number(run, attributes.epsilon)) });
  return [binary(run, 'Multiply', centered, scale!), scale!];
};

export const layerNorm: EvaluationRule<'LayerNorm'> = ({ inputs, attributes, outputs, run }) => {
  const [normalized] = normalize({ inputs, attributes, outputs, run });
  const scaled = binary(run, 'Multiply', normalized!, inputs[1]!);
  return [binary(run, 'Add', scaled, inputs[2]!)];
};

export const gelu: EvaluationRule<'Gelu'> = ({ inputs, run }) => {
  const x = inputs[0]!;
  const [erf] = run('Erf', { x: binary(run, 'Multiply', x, number(run, Math.SQRT1_2)) });
  const cumulative = binary(run, 'Multiply', binary(run, 'Add', erf!, number(run, 1)), number(run, 0.5));
  return [binary(run, 'Multiply', x, cumulative)];
};
