import * as tf from '@tensorflow/tfjs-core';
import type { ForwardCall } from '../../contracts/model.ts';
import { isAbsorbed, type Unprojected } from '../layers/absorbed-attention.ts';
import { type ActivationName, activations } from '../layers/activations.ts';
import { attention } from '../layers/attention.ts';
import { dropout } from '../layers/dropout.ts';
import type { EncoderEmbeddings } from '../layers/embeddings.ts';
import { hookedLinear } from '../layers/linear.ts';
import { layerNorm } from '../layers/norms.ts';
import { parameter } from '../layers/parameters.ts';

/** Module paths of a layer; `attentionNorm` and `outputNorm` are layer norms, the others linear. */
export interface LayerModules {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly attentionOutput: string;
  readonly attentionNorm: string;
  readonly intermediate: string;
  readonly output: string;
  readonly outputNorm: string;
}

/** One place in the stack of layers. Several may have the same modules. */
export interface PostNormLayer {
  /** From 0 at the bottom. */
  readonly index: number;
  readonly modules: LayerModules;
  /** Whether the modules are another layer's too. */
  readonly isShared: boolean;
  /** Path of the layer, unique, for its dropout sites. */
  readonly site: string;
  readonly numHeads: number;
  readonly activation: ActivationName;
  readonly epsilon: number;
  /** Rates: of the attention probabilities, and of each residual branch that has a dropout. */
  readonly dropout: { readonly attention: number; readonly attentionOutput?: number; readonly output?: number };
}

/** One application of a layer. */
interface PostNormLayerCall {
  readonly layer: PostNormLayer;
  readonly forward: ForwardCall;
  /** [batch · length, hiddenSize] */
  readonly hidden: tf.Tensor2D;
  /** [batch, 1, 1, length] */
  readonly mask: tf.Tensor4D;
  /** Rows of the flattened positions to compute, [batch, slots] by sequence; all when absent. */
  readonly rows?: tf.Tensor2D;
}

/**
 * One post-norm transformer layer: a = LN(x + attention(x)), y = LN(a + W₂ f(W₁ a)), f being the activation.
 * Devlin et al. 2019, "BERT", section 3, as in the authors' code.
 *
 * @returns [batch · length, hiddenSize], or [batch · slots, hiddenSize] when only some are read
 */
export function postNormLayer(call: PostNormLayerCall): tf.Tensor2D {
  const { hidden, rows, layer } = call;
  const { modules } = layer;
  const read = rows === undefined ? hidden : (tf.gather(hidden, tf.reshape(rows, [-1])) as tf.Tensor2D);
  const attended = residual(call, {
    site: `${layer.site}.attention.output`,
    rate: layer.dropout.attentionOutput,
    norm: modules.attentionNorm,
    branch: project(call, modules.attentionOutput, selfAttention(call, read)),
    skip: read,
  });
  const expanded = activations[layer.activation](project(call, modules.intermediate, attended));
  return residual(call, {
    site: `${layer.site}.output`,
    rate: layer.dropout.output,
    norm: modules.outputNorm,
    branch: project(call, modules.output, expanded),
    skip: attended,
  });
}

/** Attention of the query positions over all positions of their sequences. */
function selfAttention(call: PostNormLayerCall, asking: tf.Tensor2D): tf.Tensor2D {
  const { layer, forward, mask } = call;
  const { parameters, context } = forward;
  const [batchSize] = forward.inputs.inputIds.shape;
  return attention({
    query: project(call, layer.modules.query, asking),
    key: keyOrValue(call, layer.modules.key),
    value: keyOrValue(call, layer.modules.value),
    batchSize,
    numHeads: layer.numHeads,
    mask,
    prefix: forward.hooks.keyValuePrefix?.({ layer: layer.index, batchSize, parameters, context }),
    dropout: (input) =>
      dropout({
        site: `${layer.site}.attention.self`,
        input,
        rate: context.dropout ?? layer.dropout.attention,
        layer: layer.index,
        context,
      }),
  });
}

/** Keys or values of all positions, or what they would be computed from. */
function keyOrValue(call: PostNormLayerCall, name: string): tf.Tensor2D | Unprojected {
  const { hidden, rows, forward } = call;
  const { parameters, hooks } = forward;
  if (!isAbsorbed({ hooks, name, rows })) return project(call, name, hidden);
  const [weight, bias] = [`${name}.weight`, `${name}.bias`];
  return { input: hidden, weight: parameter(parameters, weight), bias: parameter(parameters, bias) };
}

function project({ layer, forward }: PostNormLayerCall, name: string, input: tf.Tensor2D): tf.Tensor2D {
  const { parameters, hooks, context } = forward;
  const site = layer.isShared ? `${name}@${layer.index}` : name;
  return hookedLinear({ name, site, input, parameters, hooks, context });
}

/** LN(skip + dropout(branch)). */
function residual(
  { layer, forward }: PostNormLayerCall,
  sum: {
    readonly site: string;
    /** No dropout when absent. */
    readonly rate: number | undefined;
    readonly norm: string;
    readonly branch: tf.Tensor2D;
    readonly skip: tf.Tensor2D;
  },
): tf.Tensor2D {
  const { context, parameters } = forward;
  const rate = sum.rate === undefined ? 0 : (context.dropout ?? sum.rate);
  const branch = dropout({ site: sum.site, input: sum.branch, rate, layer: layer.index, context });
  return layerNorm({ name: sum.norm, input: tf.add(branch, sum.skip), epsilon: layer.epsilon, parameters });
}

/** Embeddings and a stack of post-norm layers, every position seeing all others. */
export interface Encoder {
  readonly hiddenSize: number;
  readonly embeddings: EncoderEmbeddings;
  /** Bottom first. */
  readonly layers: readonly PostNormLayer[];
}
