import * as tf from '@tensorflow/tfjs-core';

/**
 * Gradients of `lstmRecurrence`. Hochreiter and Schmidhuber 1997, appendix A.1, without truncation; with dh_t and dc_t
 * the derivatives of the loss by h_t and c_t, from the last step to the first:
 *   dh_t = dy_t + Uᵀ da_{t+1}
 *   dc_t = dh_t ⊙ o_t ⊙ (1 - tanh²(c_t)) + dc_{t+1} ⊙ f_{t+1}
 *   da_t = [dc_t, dc_t, dc_t, dh_t] ⊙ [i'_t ⊙ g_t, f'_t ⊙ c_{t-1}, g'_t ⊙ i_t, o'_t ⊙ tanh(c_t)]
 * with σ' = σ (1 - σ) and tanh' = 1 - tanh². What multiplies dh and dc is computed over all steps at once; so is
 * dU = Σ_t da_t h_{t-1}ᵀ, as one product. Derived operation by operation, one step takes about 50 of them instead of 7.
 *
 * @param dy     [directions, length, units]
 * @param saved  σ of the gates [directions, length, 4 · units]; g, tanh(c), c_{t-1} and h_{t-1}, each
 *               [directions, length, units]; U [directions, 4 · units, units]
 * @returns      gradients of `projected` and `hiddenWeight`, in their shapes
 */
function recurrenceGradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [sigmoids, candidate, squashed, previousCells, previousStates, weight] = saved as Saved;
  const [input, forget, , output] = tf.split(sigmoids, 4, 2) as Gates;
  const gateFactors = tf.mul(
    slopes(sigmoids, candidate),
    tf.concat([candidate, previousCells, input, squashed], 2),
  ) as tf.Tensor3D;
  const cellFactors = tf.mul(output, tanhSlope(squashed)) as tf.Tensor3D;
  const gates = backwards({ dy: dy as tf.Tensor3D, cellFactors, forget, gateFactors, weight });
  return [gates, tf.matMul(gates, previousStates, true, false)];
}

type Saved = [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
type Gates = [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];

/** Derivatives of the four activations by their pre-activations, side by side as the gates are. */
function slopes(sigmoids: tf.Tensor3D, candidate: tf.Tensor3D): tf.Tensor3D {
  const [input, forget, , output] = tf.split(tf.mul(sigmoids, tf.sub(1, sigmoids)), 4, 2) as Gates;
  return tf.concat([input, forget, tanhSlope(candidate), output], 2);
}

function tanhSlope(value: tf.Tensor3D): tf.Tensor3D {
  return tf.sub(1, tf.square(value));
}

/** da of all steps, [directions, length, 4 · units]: the only part that has to go step by step. */
function backwards(call: {
  readonly dy: tf.Tensor3D;
  /** o ⊙ (1 - tanh²(c)), what takes dh to dc */
  readonly cellFactors: tf.Tensor3D;
  readonly forget: tf.Tensor3D;
  /** What takes [dc, dc, dc, dh] to da. */
  readonly gateFactors: tf.Tensor3D;
  readonly weight: tf.Tensor3D;
}): tf.Tensor3D {
  const steps = (values: tf.Tensor3D) => tf.split(values, values.shape[1], 1);
  const [dys, cells, forgets] = [steps(call.dy), steps(call.cellFactors), steps(call.forget)];
  const results: tf.Tensor3D[] = [];
  let later: { readonly gates: tf.Tensor3D; readonly keptCell: tf.Tensor3D } | undefined;
  for (const [step, factors] of [...steps(call.gateFactors).entries()].reverse()) {
    const dh = later === undefined ? dys[step]! : tf.add<tf.Tensor3D>(dys[step]!, tf.matMul(later.gates, call.weight));
    const own = tf.mul<tf.Tensor3D>(dh, cells[step]!);
    const dc = later === undefined ? own : tf.add<tf.Tensor3D>(own, later.keptCell);
    const gates = tf.mul<tf.Tensor3D>(tf.concat([dc, dc, dc, dh], 2), factors);
    results.unshift(gates);
    later = { gates, keptCell: tf.mul(dc, forgets[step]!) };
  }
  return tf.concat(results, 1);
}

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
function lstmRecurrence(projected: tf.Tensor3D, hiddenWeight: tf.Tensor3D): tf.Tensor3D {
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
