import type { Tensors } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import type { ForwardCall, Model } from '../../contracts/model.ts';
import { lastTokenHead, nextTokenLogits } from './decoder-head.ts';

/** A family's decoder: its layers, its lists of parameters and projections, and where its vocabulary's matrix is. */
interface DecoderModelParts<View>
  extends DecoderParts<View>,
    Pick<Model, 'family' | 'vocabSize' | 'maxLength' | 'parameters' | 'projections'> {
  /** Standard deviation of a new head's weight. */
  readonly stddev: number;
  /** Path of the matrix that gives the next token's logits, [vocabSize, hiddenSize], and of the word embeddings. */
  readonly decoder: string;
  readonly wordEmbeddings: string;
  /** Whether the two are one, under the name of the embeddings. */
  readonly isTied: boolean;
}

/** A decoder with its language-model head and its head over sequences, as the contract has it. */
export function decoderModel<View>(parts: DecoderModelParts<View>): Model {
  const { family, vocabSize, maxLength, parameters, projections, hiddenSize, numLayers, stddev } = parts;
  const [decoder, embeddings] = [`${parts.decoder}.weight`, `${parts.wordEmbeddings}.weight`];
  const stack = decoderStack(parts);
  return {
    ...{ family, languageModel: 'causal', hiddenSize, vocabSize, numLayers, maxLength, parameters, projections },
    aliases: parts.isTied ? [{ alias: decoder, name: embeddings, isTied: true }] : [],
    ...stack,
    sequenceHead: (_, numOutputs) => lastTokenHead({ encodeRows: stack.encodeRows, numOutputs, hiddenSize, stddev }),
    languageModelLogits: (call) => nextTokenLogits(parts.isTied ? embeddings : decoder, call),
  };
}

/** The parts of a pre-norm decoder. `View` is what its layers share in one pass: the mask, say. */
interface DecoderParts<View> {
  readonly numLayers: number;
  readonly hiddenSize: number;
  /** [batch · length, hiddenSize] */
  readonly embed: (forward: ForwardCall) => tf.Tensor2D;
  /** @param rows  int32 [batch, slots]: the query positions among flattened ones; all when absent */
  readonly view: (forward: ForwardCall, rows?: tf.Tensor2D) => View;
  readonly layer: (call: DecoderLayerCall<View>) => tf.Tensor2D;
  /** Normalisation above the last layer. */
  readonly norm: (hidden: tf.Tensor2D, parameters: Tensors) => tf.Tensor2D;
}

/** One application of a layer in a pass. */
export interface DecoderLayerCall<View> {
  readonly layer: number;
  readonly forward: ForwardCall;
  /** [batch · length, hiddenSize] */
  readonly hidden: tf.Tensor2D;
  readonly view: View;
  /** Rows of `hidden` to compute, [batch, slots] by sequence; all when absent. */
  readonly rows?: tf.Tensor2D;
}

/**
 * Embeddings, layers, normalisation. As in the reference implementation the last of the hidden states is the one after
 * the normalisation. Positions stay flattened to rows between layers, so that every linear layer is one plain matrix
 * product.
 */
function decoderStack<View>(parts: DecoderParts<View>): Pick<Model, 'encode' | 'encodeRows'> {
  return {
    encode: (forward) => encode(parts, forward),
    encodeRows: ({ rows, ...forward }) => {
      const below = parts.numLayers - 1;
      const hidden = runLayers(parts, forward, below).at(-1)!;
      const read = parts.layer({ layer: below, forward, hidden, view: parts.view(forward, rows), rows });
      return parts.norm(read, forward.parameters);
    },
  };
}

function encode<View>(parts: DecoderParts<View>, forward: ForwardCall): ReturnType<Model['encode']> {
  const [batchSize, length] = forward.inputs.inputIds.shape;
  const unflatten = (rows: tf.Tensor2D): tf.Tensor3D => tf.reshape(rows, [batchSize, length, parts.hiddenSize]);
  const states = runLayers(parts, forward, parts.numLayers);
  const last = unflatten(parts.norm(states.at(-1)!, forward.parameters));
  return { last, hiddenStates: [...states.slice(0, -1).map(unflatten), last] };
}

/** The embeddings, and the output of each of the lowest layers. */
function runLayers<View>(parts: DecoderParts<View>, forward: ForwardCall, count: number): tf.Tensor2D[] {
  const view = parts.view(forward);
  const states = [parts.embed(forward)];
  for (let layer = 0; layer < count; layer++) {
    states.push(parts.layer({ layer, forward, hidden: states.at(-1)!, view }));
  }
  return states;
}

/** The rows that are read, all when there is no choice: [batch · slots, size]. */
export function readRows(hidden: tf.Tensor2D, rows: tf.Tensor2D | undefined): tf.Tensor2D {
  return rows === undefined ? hidden : (tf.gather(hidden, tf.reshape(rows, [-1])) as tf.Tensor2D);
}
