import * as tf from '@tensorflow/tfjs-core';

/** Cosine and sine of each position's angles: both [batch or 1, slots, 1, headSize / 2]. */
export interface Rotation {
  readonly cos: tf.Tensor4D;
  readonly sin: tf.Tensor4D;
}

/**
 * The angles position · frequency of rotary position embeddings.
 *
 * @param positions    int32 [batch or 1, slots]
 * @param frequencies  radians per position, one for each pair of dimensions: headSize / 2 numbers
 * @param scaling      factor on both, 1 for all but some extensions of the context
 */
export function rotation(positions: tf.Tensor2D, frequencies: readonly number[], scaling: number): Rotation {
  const [rows, slots] = positions.shape;
  const angles = tf.mul<tf.Tensor4D>(
    tf.reshape(tf.cast(positions, 'float32'), [rows, slots, 1, 1]),
    tf.tensor4d([...frequencies], [1, 1, 1, frequencies.length]),
  );
  const scaled = (values: tf.Tensor4D): tf.Tensor4D => (scaling === 1 ? values : tf.mul(values, scaling));
  return { cos: scaled(tf.cos(angles)), sin: scaled(tf.sin(angles)) };
}

/**
 * Rotary position embedding: dimensions i and i + headSize / 2 of each head, taken as a point in the plane, turn by
 * the position's i-th angle. Su et al. 2021, "RoFormer", section 3.2, with the pairs that Hugging Face's Llama has.
 * The gradient is the rotation back.
 *
 * @param input  [batch · slots, heads · headSize]
 * @returns      [batch · slots, heads · headSize]
 */
export function rotate(
  input: tf.Tensor2D,
  { batchSize, headSize, by }: { readonly batchSize: number; readonly headSize: number; readonly by: Rotation },
): tf.Tensor2D {
  const heads = input.shape[1] / headSize;
  const points = tf.reshape(input, [batchSize, -1, heads, headSize]) as tf.Tensor4D;
  const operation = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([by.cos, by.sin]);
    return {
      value: turned(x as tf.Tensor4D, by),
      gradFunc: (dy, [cos, sin]) =>
        turned(dy as tf.Tensor4D, { cos: cos as tf.Tensor4D, sin: tf.neg(sin as tf.Tensor4D) }),
    };
  });
  return tf.reshape(operation(points), input.shape) as tf.Tensor2D;
}

function turned(points: tf.Tensor4D, { cos, sin }: Rotation): tf.Tensor4D {
  const [x, y] = tf.split(points, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
  const halves = [tf.sub(tf.mul(x, cos), tf.mul(y, sin)), tf.add(tf.mul(y, cos), tf.mul(x, sin))] as tf.Tensor4D[];
  return tf.concat(halves, 3);
}
