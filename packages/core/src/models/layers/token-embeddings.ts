import * as tf from '@tensorflow/tfjs-core';
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
 * @param name      module path; the table is `${name}.weight` [positions, width]
 * @param firstRow  row of the table for position 0
 * @throws ShapeError when a sequence is longer than the table
 */
export function positionEmbeddings(name: string, { parameters, inputs }: ForwardCall, firstRow = 0): tf.Tensor {
  const [batchSize, length] = inputs.inputIds.shape;
  const table = parameter<tf.Tensor2D>(parameters, `${name}.weight`);
  const [rows, width] = table.shape;
  const size = rows - firstRow;
  if (length > size) {
    throw new ShapeError(
      `${name}: input ids [${batchSize}, ${length}] are longer than the position table, ${size}; cut the sequences`,
    );
  }
  const { positions } = inputs;
  if (positions === undefined) return tf.slice(table, [firstRow, 0], [length, width]);
  return tf.gather(table, firstRow === 0 ? positions : tf.add(positions, tf.scalar(firstRow, 'int32')));
}
