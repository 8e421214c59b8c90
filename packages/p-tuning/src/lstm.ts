import * as tf from '@tensorflow/tfjs';

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
 * An LSTM over one sequence, from a zero state. Hochreiter & Schmidhuber 1997 with forget gates:
 *   i, f, o = σ(W x + b + U h + c), g = tanh(W x + b + U h + c), s = f ⊙ s + i ⊙ g, h = o ⊙ tanh(s)
 *
 * @param sequence  [length, inputSize]
 * @param reverse   runs from the last element to the first; outputs keep the order of the input
 * @returns         hidden states [length, units]
 */
export function lstm(sequence: tf.Tensor2D, weights: LstmWeights, reverse: boolean): tf.Tensor2D {
  const [length] = sequence.shape;
  const [gateRows, units] = weights.hiddenWeight.shape;
  const projected = tf.add(tf.matMul(sequence, weights.inputWeight, false, true), weights.inputBias); // [length, 4 units]
  // A zero state is multiplied like any other, so every weight has a gradient even for one element.
  let hidden: tf.Tensor2D = tf.zeros([1, units]);
  let cell: tf.Tensor2D = tf.zeros([1, units]);
  const states: tf.Tensor2D[] = [];
  for (let step = 0; step < length; step += 1) {
    const position = reverse ? length - 1 - step : step;
    const recurrent = tf.add(tf.matMul(hidden, weights.hiddenWeight, false, true), weights.hiddenBias);
    const gates = tf.add(tf.slice(projected, [position, 0], [1, gateRows]), recurrent); // [1, 4 units]
    ({ hidden, cell } = lstmCell(gates as tf.Tensor2D, cell));
    states[position] = hidden;
  }
  return tf.concat(states, 0);
}

/** @param gates  pre-activations [1, 4 · units] */
function lstmCell(gates: tf.Tensor2D, cell: tf.Tensor2D): { hidden: tf.Tensor2D; cell: tf.Tensor2D } {
  const units = cell.shape[1];
  const gate = (index: number) => tf.slice(gates, [0, index * units], [1, units]);
  const kept = tf.mul(tf.sigmoid(gate(1)), cell);
  const next = tf.add(kept, tf.mul(tf.sigmoid(gate(0)), tf.tanh(gate(2)))) as tf.Tensor2D;
  return { hidden: tf.mul(tf.sigmoid(gate(3)), tf.tanh(next)), cell: next };
}
