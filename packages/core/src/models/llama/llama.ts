import { ShapeError } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import type { ForwardCall, Model } from '../../contracts/model.ts';
import { causalMask } from '../layers/attention.ts';
import { decoderModel } from '../layers/decoder-stack.ts';
import { wordEmbeddings } from '../layers/embeddings.ts';
import { rmsNorm } from '../layers/norms.ts';
import { type RopeFrequencies, ropeFrequencies, rotation } from '../layers/rotary.ts';
import { places } from '../layers/sequence-head.ts';
import { canonicalNames, type ModelFamily } from '../model-family.ts';
import { type LlamaConfig, llamaModelTypes, parseLlamaConfig } from './config.ts';
import { type LlamaView, llamaLayer } from './decoder-layer.ts';
import { llamaParameters, llamaProjections, paths } from './parameters.ts';

/**
 * A decoder in the style of Llama with its language-model head, as pure functions of the parameter map: Llama, Qwen 2
 * and Qwen 3, and what has their configurations. Touvron et al. 2023, "LLaMA", section 2.2. Parameters have the names
 * and orientation of Hugging Face's checkpoints.
 *
 * Segments are not read, as there are no embeddings for them. Dropout acts on the attention probabilities alone. Call
 * inside `tf.tidy`: intermediate tensors are not disposed one by one.
 */
export function createLlama(config: LlamaConfig): Model {
  const frequencies = ropeFrequencies(config.rope);
  return decoderModel<LlamaView>({
    family: config.model_type,
    numLayers: config.num_hidden_layers,
    hiddenSize: config.hidden_size,
    vocabSize: config.vocab_size,
    maxLength: config.max_position_embeddings,
    parameters: llamaParameters(config),
    projections: llamaProjections(config),
    stddev: config.initializer_range,
    decoder: paths.decoder,
    wordEmbeddings: paths.wordEmbeddings,
    isTied: config.tie_word_embeddings,
    embed: (forward) => embed(config, forward),
    view: (forward, rows) => view(frequencies, forward, rows),
    layer: (call) => llamaLayer({ config, ...call }),
    norm: (input, parameters) => rmsNorm({ name: paths.finalNorm, input, epsilon: config.rms_norm_eps, parameters }),
  });
}

/** @throws ShapeError when a sequence is longer than the context: how positions turn there depends on the length */
function embed(config: LlamaConfig, forward: ForwardCall): tf.Tensor2D {
  const [batchSize, length] = forward.inputs.inputIds.shape;
  if (length > config.max_position_embeddings) {
    throw new ShapeError(
      `${config.model_type}: input ids [${batchSize}, ${length}] are longer than the context of ` +
        `${config.max_position_embeddings} positions; cut the sequences`,
    );
  }
  return tf.reshape(wordEmbeddings(paths.wordEmbeddings, forward), [batchSize * length, config.hidden_size]);
}

function view({ frequencies, scaling }: RopeFrequencies, { inputs }: ForwardCall, rows?: tf.Tensor2D): LlamaView {
  const { attentionMask } = inputs;
  const [batchSize, length] = attentionMask.shape;
  const positions = inputs.positions ?? (tf.reshape(places(length), [1, length]) as tf.Tensor2D);
  const keys = rotation(positions, frequencies, scaling);
  const mask = causalMask(attentionMask, rows);
  if (rows === undefined) return { mask, keys, queries: keys };
  const all = tf.reshape(tf.broadcastTo(positions, [batchSize, length]), [batchSize * length]);
  return { mask, keys, queries: rotation(tf.gather(all, rows) as tf.Tensor2D, frequencies, scaling) };
}

/** Llama and its relatives, which differ in what a config.json may say and in the names of their classes. */
export const llamaFamilies: readonly ModelFamily[] = llamaModelTypes.map((modelType) => {
  const classes = modelType.replace(/^./, (letter) => letter.toUpperCase());
  return {
    modelType,
    create(value, where) {
      const { config, fields } = parseLlamaConfig(value, where);
      return { model: createLlama(config), config: fields };
    },
    canonicalName: canonicalNames({ prefix: 'model', backbone: ['embed_tokens', 'layers', 'norm'] }),
    // Frequencies of rotary positions that older files hold beside the parameters.
    isBuffer: (name) => /\.rotary_emb\.inv_freq$/.test(name),
    architectures: {
      classification: `${classes}ForSequenceClassification`,
      // A choice has one output of the same head.
      choice: `${classes}ForSequenceClassification`,
      languageModel: `${classes}ForCausalLM`,
    },
  };
});
