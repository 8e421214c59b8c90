import * as tf from '@tensorflow/tfjs-core';
import { recurrenceGradient } from './lstm-recurrence-gradient.ts';

/**
 * Hidden states of independent LSTMs over sequences of one length, from zero states. Hochreiter and Schmidhuber 1997
 * with forget gates (Gers et al. 2000), gates in PyTorch's order, a_t being `projected` at t:
 *   [i, f, g, o]_t = [σ, σ, tanh, σ](a_t + U h_{t-1}),  c_t = f_t ⊙ c_{t-1} + i_t ⊙ g_t,  h_t = o_t ⊙ tanh(c_t)
 *
 * The gradient is written out, see `recurrenceGradient`.
 *
 * @param projected     input's share of the pre-activations, biases included: [directions, length, 4 · units]
 * @param hiddenWeight  U of each: [directions, 4 · units, units]
 * @returns             [directions, length, units]
 */
export function lstmRecurrence(projected: tf.Tensor3D, hiddenWeight: tf.Tensor3D): tf.Tensor3D {
  const operation = tf.customGrad((inputs, weight, save) => {
    const steps = runSteps(inputs as tf.Tensor3D, weight as tf.Tensor3D);
    const states = steps.map(({ state }) => state);
    const over = (value: (step: Step) => tf.Tensor3D): tf.Tensor3D => tf.concat(steps.map(value), 1);
    (save as tf.GradSaveFunc)([
      ...[over(({ sigmoids }) => sigmoids), over(({ candidate }) => candidate), over(({ squashed }) => squashed)],
      ...[previous(steps.map(({ cell }) => cell)), previous(states), weight as tf.Tensor3D],
    ]);
    return { value: tf.concat(states, 1), gradFunc: recurrenceGradient };
  });
  return operation(projected, hiddenWeight) as tf.Tensor3D;
}

/** Values of one time step, [directions, 1, units], but the gates' sigmoids, [directions, 1, 4 · units]. */
interface Step {
  /** σ of all four pre-activations at once; the third, the candidate's, goes unread. */
  readonly sigmoids: tf.Tensor3D;
  /** g */
  readonly candidate: tf.Tensor3D;
  /** c */
  readonly cell: tf.Tensor3D;
  /** tanh(c) */
  readonly squashed: tf.Tensor3D;
  /** h */
  readonly state: tf.Tensor3D;
}

function runSteps(projected: tf.Tensor3D, hiddenWeight: tf.Tensor3D): Step[] {
  const steps: Step[] = [];
  for (const inputs of tf.split<tf.Tensor3D>(projected, projected.shape[1], 1)) {
    steps.push(runStep(inputs, steps.at(-1), hiddenWeight));
  }
  return steps;
}

/** The first step, which has none before it, need not multiply a zero state. */
function runStep(inputs: tf.Tensor3D, before: Step | undefined, hiddenWeight: tf.Tensor3D): Step {
  const [directions, , units] = hiddenWeight.shape as [number, number, number];
  const recurrent = before && tf.matMul(before.state, hiddenWeight, false, true);
  const gates = recurrent === undefined ? inputs : tf.add<tf.Tensor3D>(inputs, recurrent);
  const sigmoids = tf.sigmoid(gates) as tf.Tensor3D;
  const [input, forget, , output] = tf.split(sigmoids, 4, 2) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
  const candidate = tf.tanh(tf.slice<tf.Rank.R3, tf.Tensor3D>(gates, [0, 0, 2 * units], [directions, 1, units]));
  const entering = tf.mul<tf.Tensor3D>(input, candidate);
  const cell = before === undefined ? entering : tf.add<tf.Tensor3D>(tf.mul(forget, before.cell), entering);
  const squashed = tf.tanh(cell);
  return { sigmoids, candidate, cell, squashed, state: tf.mul(output, squashed) };
}

/** What each step finds: zero, then every value but the last. */
function previous(values: readonly tf.Tensor3D[]): tf.Tensor3D {
  return tf.concat([tf.zerosLike(values[0]!), ...values.slice(0, -1)], 1);
}
