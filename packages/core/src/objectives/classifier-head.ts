import type * as tf from '@tensorflow/tfjs';
import type { ParameterSpec } from '../contracts/model.ts';
import { linear } from '../models/layers/linear.ts';
import type { ObjectiveCall } from './objective.ts';

/** A linear head under Hugging Face's names, initialised as there: weight normal(0, 0.02), bias 0. */
export function classifierParameters(numOutputs: number, hiddenSize: number): ParameterSpec[] {
  return [
    {
      name: 'classifier.weight',
      shape: [numOutputs, hiddenSize],
      role: 'classifier',
      initializer: { kind: 'normal', stddev: 0.02 },
      decay: true,
    },
    { name: 'classifier.bias', shape: [numOutputs], role: 'classifier', initializer: { kind: 'zeros' }, decay: false },
  ];
}

/** y = x Wᵀ + b with the head's weights: [rows, hiddenSize] to [rows, numOutputs]. */
export function classifierLogits(pooled: tf.Tensor2D, { parameters }: ObjectiveCall): tf.Tensor2D {
  return linear({ name: 'classifier', input: pooled, parameters });
}
