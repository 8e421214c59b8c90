import * as tf from '@tensorflow/tfjs-core';
import type { ForwardCall, Model } from '../../contracts/model.ts';
import { additiveMask } from '../layers/attention.ts';
import { firstTokens } from '../layers/first-tokens.ts';
import { type EncoderEmbeddings, embed } from './embeddings.ts';
import { type PostNormLayer, postNormLayer } from './post-norm-layer.ts';

/** Embeddings and a stack of post-norm layers, every position seeing all others. */
export interface Encoder {
  readonly hiddenSize: number;
  readonly embeddings: EncoderEmbeddings;
  /** Bottom first. */
  readonly layers: readonly PostNormLayer[];
}

/** `Model.encode`. Positions stay flattened to rows between layers, so that every linear layer is one plain product. */
export function encode(encoder: Encoder, forward: ForwardCall): ReturnType<Model['encode']> {
  const [batchSize, length] = forward.inputs.inputIds.shape;
  const unflatten = (rows: tf.Tensor2D): tf.Tensor3D => tf.reshape(rows, [batchSize, length, encoder.hiddenSize]);
  const mask = additiveMask(forward.inputs.attentionMask);
  let hidden = embed(encoder.embeddings, forward);
  let last = unflatten(hidden);
  const hiddenStates = [last];
  for (const layer of encoder.layers) {
    hidden = postNormLayer({ layer, forward, hidden, mask });
    last = unflatten(hidden);
    hiddenStates.push(last);
  }
  return { last, hiddenStates };
}

/** `Model.encodeRows`: each layer but the last in full; that one asks, and goes on, with the rows that are read alone. */
export function encodeRows(encoder: Encoder, forward: ForwardCall, rows: tf.Tensor2D): tf.Tensor2D {
  const mask = additiveMask(forward.inputs.attentionMask);
  const top = encoder.layers.length - 1;
  return encoder.layers.reduce(
    (hidden, layer, index) => postNormLayer({ layer, forward, hidden, mask, ...(index === top ? { rows } : {}) }),
    embed(encoder.embeddings, forward),
  );
}

/** Last hidden states of each sequence's first token: [batch, hiddenSize]. */
export function encodeFirst(encoder: Encoder, forward: ForwardCall): tf.Tensor2D {
  return encodeRows(encoder, forward, firstTokens(forward.inputs));
}
