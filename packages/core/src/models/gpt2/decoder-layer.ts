import * as tf from '@tensorflow/tfjs-core';
import { isAbsorbed, type Unprojected } from '../layers/absorbed-attention.ts';
import { activations } from '../layers/activations.ts';
import { type AttentionCall, attention } from '../layers/attention.ts';
import { type DecoderLayerCall, readRows } from '../layers/decoder-stack.ts';
import { dropout } from '../layers/dropout.ts';
import { hookedLinear } from '../layers/linear.ts';
import { layerNorm } from '../layers/norms.ts';
import { parameter } from '../layers/parameters.ts';
import type { Gpt2Config } from './config.ts';
import { paths } from './parameters.ts';

/** One application of a layer; `view` is the mask, [batch, 1, slots or length, length]. */
interface Gpt2LayerCall extends DecoderLayerCall<tf.Tensor4D> {
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

/** Attention of the query positions over the positions they see. */
function selfAttention(call: Gpt2LayerCall): tf.Tensor2D {
  const { config, layer, forward, view: mask } = call;
  const { parameters, context } = forward;
  const [batchSize] = forward.inputs.inputIds.shape;
  return attention({
    ...queriesKeysValues(call, norm(call, 'ln_1', call.hidden)),
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

/**
 * Queries of the query positions, keys and values. They are one projection, which is computed for all positions;
 * where keys and values are absorbed, the queries' third of it alone is computed.
 */
function queriesKeysValues(call: Gpt2LayerCall, input: tf.Tensor2D): Pick<AttentionCall, 'query' | 'key' | 'value'> {
  const { layer, rows, forward } = call;
  const name = `${paths.layer(layer)}.attn.c_attn`;
  if (!isAbsorbed({ hooks: forward.hooks, name, rows })) {
    const [query, key, value] = thirds(project(call, 'attn.c_attn', input));
    return { query: readRows(query, rows), key, value };
  }
  const weights = thirds(parameter<tf.Tensor2D>(forward.parameters, `${name}.weight`));
  const biases = thirds(parameter<tf.Tensor1D>(forward.parameters, `${name}.bias`));
  const unprojected = (part: 1 | 2): Unprojected => ({
    input,
    weight: tf.transpose(weights[part]),
    bias: biases[part],
  });
  const query = tf.add(tf.matMul(readRows(input, rows), weights[0]), biases[0]) as tf.Tensor2D;
  return { query, key: unprojected(1), value: unprojected(2) };
}

/** Along the last axis. */
function thirds<T extends tf.Tensor>(joined: T): [T, T, T] {
  return tf.split(joined, 3, joined.rank - 1) as [T, T, T];
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
