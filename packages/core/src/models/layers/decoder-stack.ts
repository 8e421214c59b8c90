import * as tf from '@tensorflow/tfjs-core';
import type { ForwardCall, Model } from '../../contracts/model.ts';
import type { Tensors } from '../../contracts/tensors.ts';

/** The parts of a pre-norm decoder. `View` is what its layers share in one pass: the mask, say. */
export interface DecoderParts<View> {
  readonly numLayers: number;
  readonly hiddenSize: number;
  /** [batch · length, hiddenSize] */
  readonly embed: (forward: ForwardCall) => tf.Tensor2D;
  /** @param rows  int32 [batch, slots]: the flattened positions that ask; all when absent */
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
export function decoderStack<View>(parts: DecoderParts<View>): Pick<Model, 'encode' | 'encodeRows'> {
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
