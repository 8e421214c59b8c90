import * as tf from '@tensorflow/tfjs-core';
import type { ParameterSpec } from '../contracts/model.ts';
import type { Tensors } from '../contracts/tensors.ts';
import { parameter } from '../models/layers/parameter.ts';

/**
 * l1 · Σ|w| + l2 · Σw² over the given parameters, the convention of TensorFlow.js's regularizers. As with weight
 * decay, parameters whose spec says no `decay` (biases, layer norms) are left out.
 *
 * @returns a scalar, or undefined when there is nothing to add
 */
export function penalty(call: {
  readonly specs: readonly ParameterSpec[];
  readonly parameters: Tensors;
  readonly l1: number;
  readonly l2: number;
}): tf.Scalar | undefined {
  const terms = call.specs
    .filter(({ decay }) => decay)
    .flatMap(({ name }) => {
      const value = parameter(call.parameters, name);
      return [
        ...(call.l1 > 0 ? [tf.mul(tf.sum(tf.abs(value)), call.l1)] : []),
        ...(call.l2 > 0 ? [tf.mul(tf.sum(tf.square(value)), call.l2)] : []),
      ];
    });
  if (terms.length === 0) return undefined;
  return terms.reduce((total, term) => tf.add(total, term)) as tf.Scalar;
}
