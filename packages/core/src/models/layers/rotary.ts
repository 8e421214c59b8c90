import * as tf from '@tensorflow/tfjs-core';
import type { Rope } from '../llama/config.ts';

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

/** Angles per position of rotary embeddings, and the factor on their cosines and sines. */
export interface RopeFrequencies {
  /** headSize / 2 numbers, in radians per position. */
  readonly frequencies: readonly number[];
  readonly scaling: number;
}

/**
 * Frequencies θ^(-2i / headSize) of Su et al. 2021, "RoFormer", section 3.2, stretched for longer contexts as
 * transformers does it (`modeling_rope_utils.py`): linearly in position (`linear`), for low frequencies alone
 * (`llama3`), or by parts (`yarn`). `dynamic` stretches only beyond the model's own length, which no sequence has here.
 */
export function ropeFrequencies(rope: Rope): RopeFrequencies {
  const plain = Array.from({ length: rope.headSize / 2 }, (_, pair) => rope.theta ** ((-2 * pair) / rope.headSize));
  switch (rope.rope_type) {
    case 'default':
    case 'dynamic':
      return { frequencies: plain, scaling: 1 };
    case 'linear':
      return { frequencies: plain.map((frequency) => frequency / rope.factor), scaling: 1 };
    case 'llama3':
      return { frequencies: plain.map((frequency) => llama3Frequency(frequency, rope)), scaling: 1 };
    case 'yarn':
      return yarnFrequencies(plain, rope);
    default:
      return rope satisfies never;
  }
}

/** Unchanged where a wave is short, divided by the factor where it is long, between the two in between. */
function llama3Frequency(frequency: number, rope: Extract<Rope, { rope_type: 'llama3' }>): number {
  const turns = rope.originalLength / ((2 * Math.PI) / frequency);
  const { low_freq_factor: low, high_freq_factor: high, factor } = rope;
  if (turns > high) return frequency;
  if (turns < low) return frequency / factor;
  const smooth = (turns - low) / (high - low);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
}

type Yarn = Extract<Rope, { rope_type: 'yarn' }>;

/** Peng et al. 2023, "YaRN", sections 3.2 and 3.4. */
function yarnFrequencies(plain: readonly number[], rope: Yarn): RopeFrequencies {
  const [low, high] = correctionRange(rope);
  const frequencies = plain.map((frequency, pair) => {
    const ramp = Math.min(1, Math.max(0, (pair - low) / (high === low ? 0.001 : high - low)));
    return (frequency / rope.factor) * ramp + frequency * (1 - ramp);
  });
  return { frequencies, scaling: rope.attention_factor ?? yarnAttentionFactor(rope) };
}

/** The dimensions between which stretching sets in. */
function correctionRange({ beta_fast, beta_slow, headSize, theta, originalLength, truncate }: Yarn): [number, number] {
  const dimension = (rotations: number) =>
    (headSize * Math.log(originalLength / (rotations * 2 * Math.PI))) / (2 * Math.log(theta));
  const [low, high] = [dimension(beta_fast || 32), dimension(beta_slow || 1)];
  return [Math.max(truncate ? Math.floor(low) : low, 0), Math.min(truncate ? Math.ceil(high) : high, headSize - 1)];
}

function yarnAttentionFactor({ factor, mscale, mscale_all_dim }: Yarn): number {
  const magnitude = (weight: number) => (factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1);
  return mscale && mscale_all_dim ? magnitude(mscale) / magnitude(mscale_all_dim) : magnitude(1);
}
