import * as tf from '@tensorflow/tfjs';
import { activations } from '../layers/activations.ts';
import { attention } from '../layers/attention.ts';
import { type DecoderLayerCall, readRows } from '../layers/decoder-stack.ts';
import { dropout } from '../layers/dropout.ts';
import { layerNorm } from '../layers/layer-norm.ts';
import { hookedLinear } from '../layers/linear.ts';
import type { Gpt2Config } from './config.ts';
import { paths } from './parameters.ts';

export interface Gpt2LayerCall extends DecoderLayerCall<tf.Tensor4D> {
  readonly config: Gpt2Config;
}

/**
 * One pre-norm transformer layer: a = x + attention(LN(x)), y = a + W₂ gelu(W₁ LN(a)).
 * Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.3.
 *
 * @returns [batch · length, hiddenSize], or [batch · slots, hiddenSize] when only some are read
 */
export function gpt2Layer(call: Gpt2LayerCall): tf.Tensor2D {
  const { config, hidden, rows } = call;
  const attended = tf.add(
    readRows(hidden, rows),
    residualBranch(call, 'attn', project(call, 'attn.c_proj', selfAttention(call))),
  ) as tf.Tensor2D;
  const expanded = activations[config.activation_function](project(call, 'mlp.c_fc', norm(call, 'ln_2', attended)));
  return tf.add(attended, residualBranch(call, 'mlp', project(call, 'mlp.c_proj', expanded)));
}

/**
 * What the rows that ask get from the positions they see. Queries, keys and values are one projection, so in the last
 * layer too it is computed for all positions.
 */
function selfAttention(call: Gpt2LayerCall): tf.Tensor2D {
  const { config, layer, forward, rows, view: mask } = call;
  const { parameters, context } = forward;
  const [batchSize] = forward.inputs.inputIds.shape;
  const [query, key, value] = tf.split(project(call, 'attn.c_attn', norm(call, 'ln_1', call.hidden)), 3, 1) as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  return attention({
    query: readRows(query, rows),
    key,
    value,
    batchSize,
    numHeads: config.n_head,
    mask,
    scale: scoreScale(config, layer),
    prefix: forward.hooks.keyValuePrefix?.({ layer, batchSize, parameters, context }),
    dropout: (input) =>
      dropout({
        site: `${paths.layer(layer)}.attn.probabilities`,
        input,
        rate: context.dropout ?? config.attn_pdrop,
        layer,
        context,
      }),
  });
}

function scoreScale(config: Gpt2Config, layer: number): number {
  const byWidth = config.scale_attn_weights ? 1 / Math.sqrt(config.n_embd / config.n_head) : 1;
  return config.scale_attn_by_inverse_layer_idx ? byWidth / (layer + 1) : byWidth;
}

function project({ layer, forward }: Gpt2LayerCall, path: string, input: tf.Tensor2D): tf.Tensor2D {
  const { parameters, hooks, context } = forward;
  return hookedLinear({ name: `${paths.layer(layer)}.${path}`, input, fanInFanOut: true, parameters, hooks, context });
}

function norm({ config, layer, forward }: Gpt2LayerCall, path: string, input: tf.Tensor2D): tf.Tensor2D {
  const { parameters } = forward;
  return layerNorm({ name: `${paths.layer(layer)}.${path}`, input, epsilon: config.layer_norm_epsilon, parameters });
}

function residualBranch({ config, layer, forward }: Gpt2LayerCall, path: string, input: tf.Tensor2D): tf.Tensor2D {
  const { context } = forward;
  const rate = context.dropout ?? config.resid_pdrop;
  return dropout({ site: `${paths.layer(layer)}.${path}`, input, rate, layer, context });
}
