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
