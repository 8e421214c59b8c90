import * as tf from '@tensorflow/tfjs-core';

/**
 * Gaussian error linear unit, exact form: y = x · Φ(x) with Φ(x) = ½ (1 + erf(x / √2)).
 * Hendrycks and Gimpel 2016, "Gaussian Error Linear Units", section 2.
 *
 * The gradient is written out, Φ(x) + x · φ(x) with φ(x) = exp(-x²/2) / √(2π), so that Φ is computed once.
 */
export function gelu<T extends tf.Tensor>(input: T): T {
  const operation = tf.customGrad((x, save) => {
    const given = x as tf.Tensor;
    const cumulative = tf.mul(tf.add(tf.erf(tf.mul(given, Math.SQRT1_2)), 1), 0.5);
    (save as tf.GradSaveFunc)([given, cumulative]);
    return { value: tf.mul(given, cumulative), gradFunc: geluGradient };
  });
  return operation(input) as T;
}

function geluGradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor {
  const [x, cumulative] = saved as [tf.Tensor, tf.Tensor];
  const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return tf.mul(dy, tf.add(cumulative, tf.mul(x, density)));
}

/** An element-wise function; the shape stays. */
type Activation = <T extends tf.Tensor>(input: T) => T;

/** The activation functions by the names that Hugging Face's configs have for them. */
export const activations = {
  gelu,
  gelu_new: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  relu: <T extends tf.Tensor>(input: T): T => tf.relu(input),
  silu,
  swish: silu,
  tanh: <T extends tf.Tensor>(input: T): T => tf.tanh(input),
} as const satisfies Readonly<Record<string, Activation>>;

/** A name in the table of activations. */
export type ActivationName = keyof typeof activations;

/** The table's names, for a config's schema. */
export const activationNames = Object.keys(activations) as [ActivationName, ...ActivationName[]];

/**
 * Gaussian error linear unit by tanh: y = ½ x (1 + t) with t = tanh(√(2/π) (x + 0.044715 x³)).
 * Hendrycks and Gimpel 2016, "Gaussian Error Linear Units", section 2; up to 4.7e-4 from the exact form.
 *
 * The gradient is written out, ½ (1 + t) + ½ x (1 - t²) √(2/π) (1 + 3 · 0.044715 x²), so that t is computed once.
 */
function geluTanh<T extends tf.Tensor>(input: T): T {
  const operation = tf.customGrad((x, save) => {
    const given = x as tf.Tensor;
    const cubic = tf.mul(given, tf.add(tf.mul(tf.square(given), cubicWeight), 1));
    const t = tf.tanh(tf.mul(cubic, innerScale));
    (save as tf.GradSaveFunc)([given, t]);
    return { value: tf.mul(tf.mul(given, 0.5), tf.add(t, 1)), gradFunc: geluTanhGradient };
  });
  return operation(input) as T;
}

const innerScale = Math.sqrt(2 / Math.PI);
const cubicWeight = 0.044715;

function geluTanhGradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor {
  const [x, t] = saved as [tf.Tensor, tf.Tensor];
  const inner = tf.mul(tf.add(tf.mul(tf.square(x), 3 * cubicWeight), 1), innerScale);
  const slope = tf.add(tf.mul(tf.mul(x, tf.sub(1, tf.square(t))), inner), tf.add(t, 1));
  return tf.mul(dy, tf.mul(slope, 0.5));
}

/**
 * Sigmoid linear unit, or swish: y = x · σ(x). Elfwing et al. 2018, "Sigmoid-Weighted Linear Units", section 2.
 *
 * The gradient is written out, σ(x) (1 + x (1 - σ(x))), so that σ is computed once.
 */
function silu<T extends tf.Tensor>(input: T): T {
  const operation = tf.customGrad((x, save) => {
    const given = x as tf.Tensor;
    const sigmoid = tf.sigmoid(given);
    (save as tf.GradSaveFunc)([given, sigmoid]);
    return { value: tf.mul(given, sigmoid), gradFunc: siluGradient };
  });
  return operation(input) as T;
}

function siluGradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor {
  const [x, sigmoid] = saved as [tf.Tensor, tf.Tensor];
  return tf.mul(dy, tf.mul(sigmoid, tf.add(tf.mul(x, tf.sub(1, sigmoid)), 1)));
}
