import { type ForwardContext, linear, parameter, type Tensors } from '@attune/core';
import * as tf from '@tensorflow/tfjs-core';
import { bidirectionalLstm, type LstmWeights } from './lstm.ts';
import { directions, lstmLayers, promptTable } from './prompt-parameters.ts';
import type { PTuningSettings } from './settings.ts';

/** What the pseudo tokens are computed from; `context` decides about dropout. */
interface EncodePromptsCall {
  readonly settings: Pick<PTuningSettings, 'encoder' | 'lstmDropout'>;
  readonly parameters: Tensors;
  readonly context: ForwardContext;
}

/**
 * Input embeddings of the pseudo tokens: MLP(BiLSTM(table)), MLP(table), or the table itself.
 * Liu et al. 2021, "GPT Understands, Too", section 3.2 (equation 4). No input but parameters: the result is the
 * same for every example, so it is computed once per step.
 *
 * @returns [numVirtualTokens, width]
 */
export function encodePrompts({ settings, parameters, context }: EncodePromptsCall): tf.Tensor2D {
  const table = parameter<tf.Tensor2D>(parameters, promptTable);
  switch (settings.encoder) {
    case 'identity':
      return table;
    case 'mlp':
      return mlpHead(table, parameters);
    case 'lstm':
      return mlpHead(lstmHead(table, { settings, parameters, context }), parameters);
    default:
      return settings.encoder satisfies never;
  }
}

/** Two bidirectional layers, outputs [forward, backward] side by side: [length, 2 · units]. */
function lstmHead(table: tf.Tensor2D, { settings, parameters, context }: EncodePromptsCall): tf.Tensor2D {
  let sequence = table;
  for (let layer = 0; layer < lstmLayers; layer += 1) {
    const [forward, backward] = directions.map((direction) => lstmWeights(parameters, `l${layer}${direction}`));
    sequence = bidirectionalLstm(sequence, [forward!, backward!]);
    const rate = settings.lstmDropout;
    if (layer < lstmLayers - 1 && context.training && rate > 0) {
      const site = `prompt_encoder.lstm_head.dropout_l${layer}`;
      sequence = tf.mul(sequence, context.noise({ site, shape: sequence.shape, rate }));
    }
  }
  return sequence;
}

function lstmWeights(parameters: Tensors, end: string): LstmWeights {
  return {
    inputWeight: parameter(parameters, `prompt_encoder.lstm_head.weight_ih_${end}`),
    hiddenWeight: parameter(parameters, `prompt_encoder.lstm_head.weight_hh_${end}`),
    inputBias: parameter(parameters, `prompt_encoder.lstm_head.bias_ih_${end}`),
    hiddenBias: parameter(parameters, `prompt_encoder.lstm_head.bias_hh_${end}`),
  };
}

/** Linear, ReLU, Linear. */
function mlpHead(x: tf.Tensor2D, parameters: Tensors): tf.Tensor2D {
  const hidden = tf.relu(linear({ name: 'prompt_encoder.mlp_head.0', input: x, parameters }));
  return linear({ name: 'prompt_encoder.mlp_head.2', input: hidden, parameters });
}
