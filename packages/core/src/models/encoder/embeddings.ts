import * as tf from '@tensorflow/tfjs-core';
import type { ForwardCall } from '../../contracts/model.ts';
import { dropout } from '../layers/dropout.ts';
import { layerNorm } from '../layers/layer-norm.ts';
import { linear } from '../layers/linear.ts';
import { parameter } from '../layers/parameter.ts';
import { positionEmbeddings, wordEmbeddings } from '../layers/token-embeddings.ts';

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
