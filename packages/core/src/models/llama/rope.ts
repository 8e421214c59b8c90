import type { Rope } from './rope-config.ts';

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
