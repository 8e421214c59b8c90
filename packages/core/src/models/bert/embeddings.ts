import * as tf from '@tensorflow/tfjs';
import type { ForwardCall } from '../../contracts/model.ts';
import { ShapeError } from '../../errors.ts';
import { dropout } from '../layers/dropout.ts';
import { layerNorm } from '../layers/layer-norm.ts';
import { requireSameShape } from '../layers/linear.ts';
import { parameter } from '../layers/parameter.ts';
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
  const words = wordEmbeddings(call);
  const types = tf.gather(parameter<tf.Tensor2D>(parameters, `${paths.typeEmbeddings}.weight`), inputs.tokenTypeIds);
  const sum = tf.add(tf.add(words, types), positionEmbeddings(config, call));
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

function wordEmbeddings({ parameters, inputs, hooks, context }: ForwardCall): tf.Tensor3D {
  const table = parameter<tf.Tensor2D>(parameters, `${paths.wordEmbeddings}.weight`);
  const embeddings = tf.gather(table, inputs.inputIds) as tf.Tensor as tf.Tensor3D;
  if (hooks.inputEmbeddings === undefined) return embeddings;
  const replaced = hooks.inputEmbeddings({ embeddings, inputs, parameters, context });
  requireSameShape('input embeddings hook', replaced, embeddings);
  return replaced;
}

/** Rows of the table at the positions that are given, [batch, length, hiddenSize]; or the first ones, [length, hiddenSize]. */
function positionEmbeddings(config: BertConfig, { parameters, inputs }: ForwardCall): tf.Tensor {
  const [batchSize, length] = inputs.inputIds.shape;
  if (length > config.max_position_embeddings) {
    throw new ShapeError(
      `bert embeddings: input ids [${batchSize}, ${length}] are longer than the position table, ` +
        `${config.max_position_embeddings}; cut the sequences`,
    );
  }
  const table = parameter<tf.Tensor2D>(parameters, `${paths.positionEmbeddings}.weight`);
  if (inputs.positions !== undefined) return tf.gather(table, inputs.positions);
  return tf.slice(table, [0, 0], [length, config.hidden_size]);
}
