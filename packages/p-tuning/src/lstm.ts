import * as tf from '@tensorflow/tfjs-core';
import { lstmRecurrence } from './lstm-recurrence.ts';

/** One direction of one LSTM layer, as PyTorch lays it out: gates input, forget, cell, output along the first axis. */
export interface LstmWeights {
  /** [4 · units, inputSize] */
  readonly inputWeight: tf.Tensor2D;
  /** [4 · units, units] */
  readonly hiddenWeight: tf.Tensor2D;
  /** Two biases, each [4 · units]. Kept apart: their sum would learn at half the rate of the two together. */
  readonly inputBias: tf.Tensor1D;
  readonly hiddenBias: tf.Tensor1D;
}

/**
 * A bidirectional LSTM layer over one sequence, from zero states: `lstmRecurrence` over W x + b + c, forwards and
 * backwards. Both run at once, the backward one on its reversed projection, so that a time step is one product for
 * the two of them. Only U is stacked for that: it is the smaller matrix, and W's product is made once anyway.
 *
 * @param sequence  [length, inputSize]
 * @returns         hidden states [length, 2 · units], forward and backward side by side, in the order of the input
 */
export function bidirectionalLstm(
  sequence: tf.Tensor2D,
  [forward, backward]: readonly [forward: LstmWeights, backward: LstmWeights],
): tf.Tensor2D {
  const projected = stacked(project(sequence, forward), tf.reverse(project(sequence, backward), 0));
  const states = lstmRecurrence(projected, stacked(forward.hiddenWeight, backward.hiddenWeight));
  const [, length, units] = states.shape;
  const [onwards, back] = tf.split(tf.reshape(states, [2 * length, units]), 2, 0);
  return tf.concat([onwards as tf.Tensor2D, tf.reverse(back as tf.Tensor2D, 0)], 1);
}

/** [rows, columns] twice as [2, rows, columns]. tf.stack would reshape both, and so would its gradient. */
function stacked(first: tf.Tensor2D, second: tf.Tensor2D): tf.Tensor3D {
  return tf.reshape(tf.concat([first, second], 0), [2, ...first.shape]);
}

/** W x + b + c: [length, 4 · units] */
function project(sequence: tf.Tensor2D, { inputWeight, inputBias, hiddenBias }: LstmWeights): tf.Tensor2D {
  return tf.add(tf.matMul(sequence, inputWeight, false, true), tf.add(inputBias, hiddenBias));
}
