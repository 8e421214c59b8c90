import * as tf from '@tensorflow/tfjs-core';
import type { ForwardCall, Initializer, ModelInputs, SequenceHead } from '../../contracts/model.ts';
import { type ActivationName, activations } from './activations.ts';
import { dropout } from './dropout.ts';
import { linear } from './linear.ts';
import { denseSpecs } from './parameters.ts';

/**
 * The first token of each sequence among flattened positions: int32 [batch, 1]. At the left edge, unless positions are
 * given: then padding may be there, and it is the first one that the mask shows.
 */
export function firstTokens({ inputIds, attentionMask, positions }: ModelInputs): tf.Tensor2D {
  const [batchSize, length] = inputIds.shape;
  const edges = firstPositions(batchSize, length);
  const first = positions === undefined ? edges : tf.add(edges, tf.argMax(attentionMask, 1));
  return tf.reshape(first, [batchSize, 1]);
}

/**
 * Where each sequence starts among flattened positions, b · length: int32 [batchSize]. A running sum, because a list
 * of numbers would have as many as there were sequences while tracing, and an exported model takes any number.
 */
export function firstPositions(batchSize: number, length: number): tf.Tensor1D {
  return tf.cumsum(tf.fill([batchSize], length, 'int32'), 0, true) as tf.Tensor1D;
}

/** 0, 1, 2, … along one sequence: int32 [length]. */
export function places(length: number): tf.Tensor1D {
  return firstPositions(length, 1);
}

/** A head that is one linear layer over a pooled vector. */
interface PooledHead {
  /** The vector of each sequence that is read, [batch, hiddenSize]. */
  readonly pooled: (call: ForwardCall) => tf.Tensor2D;
  readonly numOutputs: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  /** Rate before the linear layer. */
  readonly dropout: number;
}

/** A head of two linear layers over a hidden state. */
interface DenseHead {
  /** The vector of each sequence that is read, [batch, hiddenSize]. */
  readonly first: (call: ForwardCall) => tf.Tensor2D;
  readonly numOutputs: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  /** Paths of the two linear layers. */
  readonly dense: string;
  readonly output: string;
  readonly activation: ActivationName;
  /** Rates before each of them; none before the first when absent. */
  readonly dropout: { readonly dense?: number; readonly output: number };
}

const place = { role: 'classifier' } as const;
/** Of new heads, as in Hugging Face's configurations. */
const initializer: Initializer = { kind: 'normal', stddev: 0.02 };

/**
 * dropout(p) Wᵀ + b over a pooled vector p, under Hugging Face's names, initialised as there: weight normal(0, 0.02),
 * bias 0.
 */
export function pooledHead({ pooled, numOutputs, hiddenSize, numLayers, dropout: rate }: PooledHead): SequenceHead {
  return {
    parameters: denseSpecs('classifier', [numOutputs, hiddenSize], initializer, place),
    unusedRoles: ['lm-head'],
    logits(call) {
      const input = headDropout({ site: 'classifier', input: pooled(call), rate, numLayers, call });
      return linear({ name: 'classifier', input, parameters: call.parameters });
    },
  };
}

/** W₂ dropout(f(W₁ dropout(h) + b₁)) + b₂ over the first hidden state h, f being the activation; no pooler. */
export function denseHead(head: DenseHead): SequenceHead {
  const { hiddenSize, numLayers } = head;
  return {
    parameters: [
      ...denseSpecs(head.dense, [hiddenSize, hiddenSize], initializer, place),
      ...denseSpecs(head.output, [head.numOutputs, hiddenSize], initializer, place),
    ],
    unusedRoles: ['pooler', 'lm-head'],
    logits(call) {
      const { parameters } = call;
      const apply = (name: string, vector: tf.Tensor2D, rate: number | undefined): tf.Tensor2D => {
        const input = rate === undefined ? vector : headDropout({ site: name, input: vector, rate, numLayers, call });
        return linear({ name, input, parameters });
      };
      const inner = activations[head.activation](apply(head.dense, head.first(call), head.dropout.dense));
      return apply(head.output, inner, head.dropout.output);
    },
  };
}

function headDropout(of: {
  readonly site: string;
  readonly input: tf.Tensor2D;
  readonly rate: number;
  readonly numLayers: number;
  readonly call: ForwardCall;
}): tf.Tensor2D {
  const { context } = of.call;
  // Above every layer, so it acts whatever part of the encoder is frozen.
  return dropout({ site: of.site, input: of.input, rate: context.dropout ?? of.rate, layer: of.numLayers, context });
}
