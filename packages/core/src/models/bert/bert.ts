import * as tf from '@tensorflow/tfjs';
import type { ForwardCall, Model } from '../../contracts/model.ts';
import { additiveMask } from '../layers/attention.ts';
import { firstTokens } from '../layers/first-tokens.ts';
import { pooledHead } from '../layers/pooled-head.ts';
import type { BertConfig } from './config.ts';
import { embed } from './embeddings.ts';
import { encoderLayer } from './encoder-layer.ts';
import { maskedLanguageModelLogits, pool } from './heads.ts';
import { bertParameters, bertProjections } from './parameters.ts';

/**
 * A BERT encoder with pooler and masked-language-model head, as pure functions of the parameter map.
 * Devlin et al. 2019, "BERT". Parameters have the names and orientation of Hugging Face's checkpoints.
 *
 * Dropout acts on the embeddings, the attention probabilities and both residual branches of each layer; `dropout`
 * says when it is skipped. Call inside `tf.tidy`: intermediate tensors are not disposed one by one.
 */
export function createBert(config: BertConfig): Model {
  return {
    family: 'bert',
    languageModel: 'masked',
    hiddenSize: config.hidden_size,
    vocabSize: config.vocab_size,
    numLayers: config.num_hidden_layers,
    maxLength: config.max_position_embeddings,
    parameters: bertParameters(config),
    projections: bertProjections(config),
    encode: (call) => encode(config, call),
    encodeRows: ({ rows, ...call }) => encodeRows(config, call, rows),
    sequenceHead: (_, numOutputs) =>
      pooledHead({
        pooled: (call) => encodePooled(config, call),
        numOutputs,
        hiddenSize: config.hidden_size,
        numLayers: config.num_hidden_layers,
        dropout: config.classifier_dropout ?? config.hidden_dropout_prob,
      }),
    languageModelLogits: (call) => maskedLanguageModelLogits(config, call),
  };
}

function encodePooled(config: BertConfig, forward: ForwardCall): tf.Tensor2D {
  return pool(encodeRows(config, forward, firstTokens(forward.inputs)), forward.parameters);
}

/** Every layer but the last in full; the last one asks, and goes on, with the rows that are read alone. */
function encodeRows(config: BertConfig, forward: ForwardCall, rows: tf.Tensor2D): tf.Tensor2D {
  const mask = additiveMask(forward.inputs.attentionMask);
  const top = config.num_hidden_layers - 1;
  let hidden = embed(config, forward);
  for (let layer = 0; layer < top; layer++) hidden = encoderLayer({ config, layer, forward, hidden, mask });
  return encoderLayer({ config, layer: top, forward, hidden, mask, rows });
}

/** Positions stay flattened to rows between layers, so that every linear layer is one plain matrix product. */
function encode(config: BertConfig, forward: ForwardCall): ReturnType<Model['encode']> {
  const [batchSize, length] = forward.inputs.inputIds.shape;
  const unflatten = (rows: tf.Tensor2D): tf.Tensor3D => tf.reshape(rows, [batchSize, length, config.hidden_size]);
  const mask = additiveMask(forward.inputs.attentionMask);
  let hidden = embed(config, forward);
  let last = unflatten(hidden);
  const hiddenStates = [last];
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    hidden = encoderLayer({ config, layer, forward, hidden, mask });
    last = unflatten(hidden);
    hiddenStates.push(last);
  }
  return { last, hiddenStates };
}
