import * as tf from '@tensorflow/tfjs-core';
import type { Initializer, LanguageModelCall, ParameterSpec } from '../../contracts/model.ts';
import { activations } from '../layers/activations.ts';
import { linear } from '../layers/linear.ts';
import { denseSpecs } from '../layers/parameter-specs.ts';
import type { ElectraConfig } from './config.ts';

const dense = 'discriminator_predictions.dense';
const prediction = 'discriminator_predictions.dense_prediction';

/** The two linear layers of the head that tells replaced tokens: [hidden, hidden], then [1, hidden], with biases. */
export function discriminatorParameters({ hidden_size: hidden }: ElectraConfig, normal: Initializer): ParameterSpec[] {
  const place = { role: 'lm-head' } as const;
  return [...denseSpecs(dense, [hidden, hidden], normal, place), ...denseSpecs(prediction, [1, hidden], normal, place)];
}

/**
 * Logit that a token is not the text's own, v · f(W h + b) + c with f the layers' activation.
 * Clark et al. 2020, "ELECTRA", section 2, as in the authors' code.
 *
 * @param call.hidden  [rows, hiddenSize]
 * @returns            [rows]
 */
export function replacedTokenLogits(
  config: ElectraConfig,
  { hidden, parameters }: Omit<LanguageModelCall, 'ids'>,
): tf.Tensor1D {
  const inner = activations[config.hidden_act](linear({ name: dense, input: hidden, parameters }));
  return tf.reshape(linear({ name: prediction, input: inner, parameters }), [-1]);
}
