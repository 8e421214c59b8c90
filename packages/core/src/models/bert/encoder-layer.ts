import * as tf from '@tensorflow/tfjs';
import type { ForwardCall } from '../../contracts/model.ts';
import { attention } from '../layers/attention.ts';
import { dropout } from '../layers/dropout.ts';
import { gelu } from '../layers/gelu.ts';
import { layerNorm } from '../layers/layer-norm.ts';
import { hookedLinear } from '../layers/linear.ts';
import type { BertConfig } from './config.ts';
import { paths } from './parameters.ts';

export interface LayerCall {
  readonly config: BertConfig;
  readonly layer: number;
  readonly forward: ForwardCall;
  /** [batch · length, hiddenSize] */
  readonly hidden: tf.Tensor2D;
  /** [batch, 1, 1, length] */
  readonly mask: tf.Tensor4D;
  /** Rows of the flattened positions to compute, [batch, slots] by sequence; all when absent. */
  readonly rows?: tf.Tensor2D;
}

/**
 * One post-norm transformer layer: a = LN(x + attention(x)), y = LN(a + W₂ gelu(W₁ a)).
 * Devlin et al. 2019, "BERT", section 3, as in the authors' code.
 *
 * @returns [batch · length, hiddenSize], or [batch · slots, hiddenSize] when only some are read
 */
export function encoderLayer(call: LayerCall): tf.Tensor2D {
  const { hidden, rows } = call;
  const read = rows === undefined ? hidden : (tf.gather(hidden, tf.reshape(rows, [-1])) as tf.Tensor2D);
  const attended = residual(call, {
    path: 'attention.output',
    branch: project(call, 'attention.output.dense', selfAttention(call, read)),
    skip: read,
  });
  const expanded = gelu(project(call, 'intermediate.dense', attended));
  return residual(call, { path: 'output', branch: project(call, 'output.dense', expanded), skip: attended });
}

/** What the rows that ask get from all positions of their sequences. */
function selfAttention(call: LayerCall, asking: tf.Tensor2D): tf.Tensor2D {
  const { config, layer, forward, hidden, mask } = call;
  const { parameters, context } = forward;
  const [batchSize] = forward.inputs.inputIds.shape;
  return attention({
    query: project(call, 'attention.self.query', asking),
    key: project(call, 'attention.self.key', hidden),
    value: project(call, 'attention.self.value', hidden),
    batchSize,
    numHeads: config.num_attention_heads,
    mask,
    prefix: forward.hooks.keyValuePrefix?.({ layer, batchSize, parameters, context }),
    dropout: (input) =>
      dropout({
        site: `${paths.layer(layer)}.attention.self`,
        input,
        rate: context.dropout ?? config.attention_probs_dropout_prob,
        layer,
        context,
      }),
  });
}

function project({ layer, forward }: LayerCall, path: string, input: tf.Tensor2D): tf.Tensor2D {
  const { parameters, hooks, context } = forward;
  return hookedLinear({ name: `${paths.layer(layer)}.${path}`, input, parameters, hooks, context });
}

/** LN(skip + dropout(branch)). */
function residual(
  { config, layer, forward }: LayerCall,
  sum: { readonly path: string; readonly branch: tf.Tensor2D; readonly skip: tf.Tensor2D },
): tf.Tensor2D {
  const site = `${paths.layer(layer)}.${sum.path}`;
  const { context, parameters } = forward;
  const rate = context.dropout ?? config.hidden_dropout_prob;
  const branch = dropout({ site, input: sum.branch, rate, layer, context });
  return layerNorm({
    name: `${site}.LayerNorm`,
    input: tf.add(branch, sum.skip),
    epsilon: config.layer_norm_eps,
    parameters,
  });
}
