import * as tf from '@tensorflow/tfjs-core';
import { activations } from '../layers/activations.ts';
import { attention } from '../layers/attention.ts';
import { type DecoderLayerCall, readRows } from '../layers/decoder-stack.ts';
import { dropout } from '../layers/dropout.ts';
import { hookedLinear } from '../layers/linear.ts';
import { rmsNorm } from '../layers/norms.ts';
import { type Rotation, rotate } from '../layers/rotary.ts';
import type { LlamaConfig } from './config.ts';
import { hasBias, hasHeadNorms, paths } from './parameters.ts';

/** What the positions of one pass see and how they are turned: those of the queries, and all. */
export interface LlamaView {
  readonly mask: tf.Tensor4D;
  readonly queries: Rotation;
  readonly keys: Rotation;
}

/** One application of a layer. */
interface LlamaLayerCall extends DecoderLayerCall<LlamaView> {
  readonly config: LlamaConfig;
}

/**
 * One pre-norm transformer layer with a gated feed-forward: a = x + attention(N(x)), y = a + W₃ (f(W₁ n) · W₂ n) with
 * n = N(a). Touvron et al. 2023, "LLaMA", section 2.2; SwiGLU after Shazeer 2020, "GLU Variants Improve Transformer".
 *
 * @returns [batch · length, hiddenSize], or [batch · slots, hiddenSize] when only some are read
 */
export function llamaLayer(call: LlamaLayerCall): tf.Tensor2D {
  const { config, hidden, rows } = call;
  const attended: tf.Tensor2D = tf.add(readRows(hidden, rows), project(call, 'self_attn.o_proj', selfAttention(call)));
  const normalized = norm(call, 'post_attention_layernorm', attended);
  const gate = activations[config.hidden_act](project(call, 'mlp.gate_proj', normalized));
  const gated: tf.Tensor2D = tf.mul(gate, project(call, 'mlp.up_proj', normalized));
  return tf.add(attended, project(call, 'mlp.down_proj', gated));
}

/** Attention of the query positions over the positions they see. */
function selfAttention(call: LlamaLayerCall): tf.Tensor2D {
  const { config, layer, forward, rows, view } = call;
  const { parameters, context } = forward;
  const [batchSize] = forward.inputs.inputIds.shape;
  const input = norm(call, 'input_layernorm', call.hidden);
  return attention({
    query: turned(call, 'q', { input: readRows(input, rows), by: view.queries }),
    key: turned(call, 'k', { input, by: view.keys }),
    value: project(call, 'self_attn.v_proj', input),
    batchSize,
    numHeads: config.num_attention_heads,
    numKeyValueHeads: config.numKeyValueHeads,
    mask: view.mask,
    prefix: forward.hooks.keyValuePrefix?.({ layer, batchSize, parameters, context }),
    dropout: (probabilities) =>
      dropout({
        site: `${paths.layer(layer)}.self_attn.probabilities`,
        input: probabilities,
        rate: context.dropout ?? config.attention_dropout ?? 0,
        layer,
        context,
      }),
  });
}

/** Queries or keys, normalised head by head where the model does that, turned by their positions. */
function turned(
  call: LlamaLayerCall,
  kind: 'q' | 'k',
  { input, by }: { readonly input: tf.Tensor2D; readonly by: Rotation },
): tf.Tensor2D {
  const { headSize } = call.config;
  const [batchSize] = call.forward.inputs.inputIds.shape;
  const projected = project(call, `self_attn.${kind}_proj`, input);
  if (!hasHeadNorms(call.config)) return rotate(projected, { batchSize, headSize, by });
  const heads = norm(call, `self_attn.${kind}_norm`, tf.reshape(projected, [-1, headSize]));
  return rotate(tf.reshape(heads, projected.shape), { batchSize, headSize, by });
}

function project({ config, layer, forward }: LlamaLayerCall, path: string, input: tf.Tensor2D): tf.Tensor2D {
  const { parameters, hooks, context } = forward;
  const name = `${paths.layer(layer)}.${path}`;
  return hookedLinear({ name, input, bias: hasBias(config, path), parameters, hooks, context });
}

function norm({ config, layer, forward }: LlamaLayerCall, path: string, input: tf.Tensor2D): tf.Tensor2D {
  const { parameters } = forward;
  return rmsNorm({ name: `${paths.layer(layer)}.${path}`, input, epsilon: config.rms_norm_eps, parameters });
}
