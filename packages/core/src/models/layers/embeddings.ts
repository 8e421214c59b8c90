import { ShapeError } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import type { ForwardCall } from '../../contracts/model.ts';
import { dropout } from './dropout.ts';
import { linear, requireSameShape } from './linear.ts';
import { layerNorm } from './norms.ts';
import { parameter } from './parameters.ts';

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

/** The tables at the bottom of an encoder: module paths and sizes. */
export interface EncoderEmbeddings {
  /** Of the dropout. */
  readonly site: string;
  readonly words: string;
  readonly positions: string;
  readonly norm: string;
  /** Linear layer from `width` to the layers' width, where they differ. */
  readonly projection?: string;
  readonly width: number;
  readonly vocabSize: number;
  readonly numPositions: number;
  /** Absent in families without segments. */
  readonly types?: { readonly name: string; readonly count: number };
  /** Row of the position table for the first token of a sequence. */
  readonly firstPosition: number;
  readonly epsilon: number;
  readonly dropout: number;
}

/**
 * Word, type and position embeddings, summed, normalised, dropped out and, where widths differ, projected. Positions
 * that are not given count from the left edge, padding included, as in the reference implementation.
 *
 * @returns [batch · length, hiddenSize]
 * @throws ShapeError when a sequence is longer than the position table
 */
export function embed(of: EncoderEmbeddings, call: ForwardCall): tf.Tensor2D {
  const { parameters, inputs, context } = call;
  const [batchSize, length] = inputs.inputIds.shape;
  const words = wordEmbeddings(of.words, call);
  const typed = of.types === undefined ? words : tf.add(words, typeEmbeddings(of.types, call));
  const normalized = layerNorm({
    name: of.norm,
    input: tf.reshape(tf.add(typed, positionEmbeddings(of.positions, call, of.firstPosition)), [
      batchSize * length,
      of.width,
    ]),
    epsilon: of.epsilon,
    parameters,
  });
  const input = dropout({
    site: of.site,
    input: normalized,
    rate: context.dropout ?? of.dropout,
    layer: 0,
    context,
  });
  return of.projection === undefined ? input : linear({ name: of.projection, input, parameters });
}

/** A table of one row is for all tokens, whatever the tokenizer said of their segments. */
function typeEmbeddings(
  { name, count }: NonNullable<EncoderEmbeddings['types']>,
  { parameters, inputs }: ForwardCall,
): tf.Tensor {
  const table = parameter<tf.Tensor2D>(parameters, `${name}.weight`);
  return count === 1 ? table : tf.gather(table, inputs.tokenTypeIds);
}
