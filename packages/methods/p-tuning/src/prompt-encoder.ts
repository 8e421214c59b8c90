import type { Tensors } from '@attune/base';
import { type ForwardContext, type Initializer, linear, type ParameterSpec, parameter } from '@attune/core';
import * as tf from '@tensorflow/tfjs-core';
import { bidirectionalLstm, type LstmWeights } from './lstm.ts';
import type { PTuningSettings } from './settings.ts';

/** Layers of the prompt encoder. */
const lstmLayers = 2;
/** Ends of the names of each direction's weights, forward first, as PyTorch has them. */
const directions = ['', '_reverse'] as const;
/** The table of prompt embeddings, [numVirtualTokens, width]. */
export const promptTable = 'prompt_encoder.embedding.weight';

/** What the number and shapes of the parameters depend on. */
export type PromptShape = Pick<PTuningSettings, 'encoder' | 'numVirtualTokens' | 'lstmHiddenSize'> & {
  /** Width of the word embeddings that prompts replace. */
  readonly width: number;
};

/** Units per direction: "half" of the width as in the authors' LAMA code, "full" as in their SuperGLUE code. */
function lstmUnits({ lstmHiddenSize, width }: PromptShape): number {
  if (lstmHiddenSize === 'full') return width;
  return lstmHiddenSize === 'half' ? Math.floor(width / 2) : lstmHiddenSize;
}

/**
 * Specs of the prompt encoder under PyTorch's names and initialised as PyTorch does: the table N(0, 1), the LSTM
 * U(±1/√units), linear layers U(±1/√inputSize). The authors change none of these.
 */
export function promptParameters(shape: PromptShape): readonly ParameterSpec[] {
  const { encoder, numVirtualTokens, width } = shape;
  const table = spec(promptTable, [numVirtualTokens, width], { kind: 'normal', stddev: 1 });
  if (encoder === 'identity') return [table];
  if (encoder === 'mlp') return [table, ...mlpParameters(width, width)];
  const units = lstmUnits(shape);
  return [table, ...lstmParameters(width, units), ...mlpParameters(2 * units, width)];
}

/** Two bidirectional layers; gates are stacked in the order input, forget, cell, output. */
function lstmParameters(width: number, units: number): ParameterSpec[] {
  const initializer = uniform(units);
  return Array.from({ length: lstmLayers }).flatMap((_, layer) =>
    directions.flatMap((direction) => {
      const end = `l${layer}${direction}`;
      const inputSize = layer === 0 ? width : 2 * units;
      return [
        spec(`prompt_encoder.lstm_head.weight_ih_${end}`, [4 * units, inputSize], initializer),
        spec(`prompt_encoder.lstm_head.weight_hh_${end}`, [4 * units, units], initializer),
        spec(`prompt_encoder.lstm_head.bias_ih_${end}`, [4 * units], initializer),
        spec(`prompt_encoder.lstm_head.bias_hh_${end}`, [4 * units], initializer),
      ];
    }),
  );
}

/** Linear inputSize → width, ReLU (place 1, no parameters), Linear width → width. */
function mlpParameters(inputSize: number, width: number): ParameterSpec[] {
  return [
    spec('prompt_encoder.mlp_head.0.weight', [width, inputSize], uniform(inputSize)),
    spec('prompt_encoder.mlp_head.0.bias', [width], uniform(inputSize)),
    spec('prompt_encoder.mlp_head.2.weight', [width, width], uniform(width)),
    spec('prompt_encoder.mlp_head.2.bias', [width], uniform(width)),
  ];
}

function uniform(fanIn: number): Initializer {
  return { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) };
}

function spec(name: string, shape: readonly number[], initializer: Initializer): ParameterSpec {
  return { name, shape, role: 'adapter', initializer, decay: shape.length > 1 };
}

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
