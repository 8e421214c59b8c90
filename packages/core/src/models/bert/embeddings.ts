import * as tf from '@tensorflow/tfjs';
import type { ForwardCall } from '../../contracts/model.ts';
import { dropout } from '../layers/dropout.ts';
import { layerNorm } from '../layers/layer-norm.ts';
import { parameter } from '../layers/parameter.ts';
import { positionEmbeddings, wordEmbeddings } from '../layers/token-embeddings.ts';
import type { BertConfig } from './config.ts';
import { paths } from './parameters.ts';

/**
 * Word, position and type embeddings, summed, normalised and dropped out. Positions that are not given count from the
 * left edge, padding included, as in the reference implementation.
 *
 * @returns [batch · length, hiddenSize]
 * @throws ShapeError when a sequence is longer than the position table
 */
export function embed(config: BertConfig, call: ForwardCall): tf.Tensor2D {
  const { parameters, inputs, context } = call;
  const [batchSize, length] = inputs.inputIds.shape;
  const words = wordEmbeddings(paths.wordEmbeddings, call);
  const types = tf.gather(parameter<tf.Tensor2D>(parameters, `${paths.typeEmbeddings}.weight`), inputs.tokenTypeIds);
  const sum = tf.add(tf.add(words, types), positionEmbeddings(paths.positionEmbeddings, call));
  const normalized = layerNorm({
    name: paths.embeddingsNorm,
    input: tf.reshape(sum, [batchSize * length, config.hidden_size]),
    epsilon: config.layer_norm_eps,
    parameters,
  });
  return dropout({
    site: 'bert.embeddings',
    input: normalized,
    rate: context.dropout ?? config.hidden_dropout_prob,
    layer: 0,
    context,
  });
}
