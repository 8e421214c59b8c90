import * as tf from '@tensorflow/tfjs';
import type { ForwardCall } from '../../contracts/model.ts';
import { ShapeError } from '../../errors.ts';
import { requireSameShape } from './linear.ts';
import { parameter } from './parameter.ts';

/**
 * Rows of the table of word embeddings, or what a method puts in their place.
 *
 * @param name  module path; the table is `${name}.weight` [vocabSize, width]
 * @returns     [batch, length, width]
 */
export function wordEmbeddings(name: string, { parameters, inputs, hooks, context }: ForwardCall): tf.Tensor3D {
  const table = parameter<tf.Tensor2D>(parameters, `${name}.weight`);
  const embeddings = tf.gather(table, inputs.inputIds) as tf.Tensor as tf.Tensor3D;
  if (hooks.inputEmbeddings === undefined) return embeddings;
  const replaced = hooks.inputEmbeddings({ embeddings, inputs, parameters, context });
  requireSameShape('input embeddings hook', replaced, embeddings);
  return replaced;
}

/**
 * Rows of a table of position embeddings at the positions that are given, [batch, length, width]; or the first ones,
 * [length, width].
 *
 * @param name  module path; the table is `${name}.weight` [positions, width]
 * @throws ShapeError when a sequence is longer than the table
 */
export function positionEmbeddings(name: string, { parameters, inputs }: ForwardCall): tf.Tensor {
  const [batchSize, length] = inputs.inputIds.shape;
  const table = parameter<tf.Tensor2D>(parameters, `${name}.weight`);
  const [size, width] = table.shape;
  if (length > size) {
    throw new ShapeError(
      `${name}: input ids [${batchSize}, ${length}] are longer than the position table, ${size}; cut the sequences`,
    );
  }
  if (inputs.positions !== undefined) return tf.gather(table, inputs.positions);
  return tf.slice(table, [0, 0], [length, width]);
}
