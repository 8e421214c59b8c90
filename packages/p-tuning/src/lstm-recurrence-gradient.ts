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
export function recurrenceGradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
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
