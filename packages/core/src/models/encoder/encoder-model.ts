import * as tf from '@tensorflow/tfjs-core';
import type { ForwardCall, Model, SequenceHead } from '../../contracts/model.ts';
import { additiveMask } from '../layers/attention.ts';
import { embed } from '../layers/embeddings.ts';
import { linear } from '../layers/linear.ts';
import { denseSpecs } from '../layers/parameters.ts';
import { firstTokens, pooledHead } from '../layers/sequence-head.ts';
import { type EncoderSizes, encoderParameters, encoderProjections } from './encoder-parameters.ts';
import {
  type MaskedLanguageModelHead,
  maskedLanguageModelAliases,
  maskedLanguageModelLogits,
  maskedLanguageModelParameters,
} from './masked-language-model-head.ts';
import { type Encoder, postNormLayer } from './post-norm-layer.ts';

/** `Model.encode`. Positions stay flattened to rows between layers, so that every linear layer is one plain product. */
function encode(encoder: Encoder, forward: ForwardCall): ReturnType<Model['encode']> {
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

/**
 * `Model.encodeRows`. Every layer but the last is computed in full; the last one computes queries, and all that follows
 * from them, for the rows that are read alone.
 */
function encodeRows(encoder: Encoder, forward: ForwardCall, rows: tf.Tensor2D): tf.Tensor2D {
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

/** A family's model but for what it predicts. */
type Backbone = Omit<Model, 'languageModel' | 'languageModelLogits'>;

/** What a family's model is made of. */
export interface BackboneParts {
  readonly family: string;
  readonly encoder: Encoder;
  readonly sizes: EncoderSizes;
  /** Path of the pooler's linear layer, in families that have one. */
  readonly pooler?: string;
  readonly sequenceHead: Model['sequenceHead'];
}

/** An encoder with its parameters, as the contract has it. */
export function encoderBackbone({ family, encoder, sizes, pooler, sequenceHead }: BackboneParts): Backbone {
  const { hiddenSize, embeddings, layers } = encoder;
  const place = { role: 'pooler' } as const;
  return {
    family,
    hiddenSize,
    vocabSize: embeddings.vocabSize,
    numLayers: layers.length,
    maxLength: embeddings.numPositions - embeddings.firstPosition,
    parameters: [
      ...encoderParameters(encoder, sizes),
      ...(pooler === undefined ? [] : denseSpecs(pooler, [hiddenSize, hiddenSize], sizes.initializer, place)),
    ],
    aliases: [],
    projections: encoderProjections(encoder, sizes),
    encode: (call) => encode(encoder, call),
    encodeRows: ({ rows, ...call }) => encodeRows(encoder, call, rows),
    sequenceHead,
  };
}

/** An encoder with its head for masked tokens. */
export function maskedLanguageModel(parts: BackboneParts, head: MaskedLanguageModelHead): Model {
  const { encoder, sizes } = parts;
  const backbone = encoderBackbone(parts);
  return {
    ...backbone,
    languageModel: 'masked',
    parameters: [...backbone.parameters, ...maskedLanguageModelParameters(head, encoder, sizes.initializer)],
    aliases: maskedLanguageModelAliases(head, encoder),
    languageModelLogits: (call) => maskedLanguageModelLogits(head, encoder, call),
  };
}

/** The head over sequences that reads the pooler's output, as BERT's does. */
export function poolerHead(head: {
  readonly encoder: Encoder;
  /** Path of the pooler's linear layer. */
  readonly pooler: string;
  readonly numOutputs: number;
  /** Rate between pooler and head. */
  readonly dropout: number;
}): SequenceHead {
  const { encoder, pooler, numOutputs, dropout } = head;
  return pooledHead({
    pooled: (call) => encodePooled(encoder, pooler, call),
    numOutputs,
    hiddenSize: encoder.hiddenSize,
    numLayers: encoder.layers.length,
    dropout,
  });
}

/** tanh(W h + b) of the last hidden state h of each sequence's first token: [batch, hiddenSize]. */
function encodePooled(encoder: Encoder, pooler: string, call: ForwardCall): tf.Tensor2D {
  return tf.tanh(linear({ name: pooler, input: encodeFirst(encoder, call), parameters: call.parameters }));
}
