import { ShapeError } from '@attune/base';
import type { ParameterSpec, ProjectionSpec } from '@attune/core';
import * as tf from '@tensorflow/tfjs-core';

/** Names of a projection's two factors, as PEFT writes them after its "base_model.model." prefix. */
export function loraNames(projection: string): { readonly loraA: string; readonly loraB: string } {
  return { loraA: `${projection}.lora_A.weight`, loraB: `${projection}.lora_B.weight` };
}

/**
 * Specs of the factors A [rank, inputSize] and B [outputSize, rank] of every target. A starts Kaiming-uniform
 * with a = √5, that is U(±1/√inputSize), and B at zero, as in PEFT; so attaching changes nothing.
 */
export function loraParameters(targets: readonly ProjectionSpec[], rank: number): readonly ParameterSpec[] {
  return targets.flatMap(({ name, layer, inputSize, outputSize }): ParameterSpec[] => {
    const { loraA, loraB } = loraNames(name);
    const shared = { role: 'adapter', ...(layer === undefined ? {} : { layer }), decay: true } as const;
    const bound = 1 / Math.sqrt(inputSize);
    return [
      { ...shared, name: loraA, shape: [rank, inputSize], initializer: { kind: 'uniform', bound } },
      { ...shared, name: loraB, shape: [outputSize, rank], initializer: { kind: 'zeros' } },
    ];
  });
}

/** One projection at work and the two factors of its update. */
interface LoraLinearCall {
  /** [..., inputSize] */
  readonly x: tf.Tensor;
  /** base(x), [..., outputSize] */
  readonly output: tf.Tensor;
  /** A [rank, inputSize] */
  readonly loraA: tf.Tensor2D;
  /** B [outputSize, rank]; starts at zero, so attaching changes nothing */
  readonly loraB: tf.Tensor2D;
  readonly scaling: number;
  /** Multiplicative dropout mask on x, [..., inputSize]. */
  readonly mask?: tf.Tensor;
}

/**
 * Low-rank update of one linear projection: y = base(x) + scaling · x Aᵀ Bᵀ.
 * Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models", section 4.1. Dropout acts on x before A,
 * as in the authors' code.
 *
 * @returns y [..., outputSize]
 * @throws ShapeError when x does not fit A, or B does not fit A or the output
 */
export function loraLinear({ x, output, loraA, loraB, scaling, mask }: LoraLinearCall): tf.Tensor {
  const [rank, inputSize] = loraA.shape;
  const [outputSize] = loraB.shape;
  if (x.shape.at(-1) !== inputSize || output.shape.at(-1) !== outputSize || loraB.shape[1] !== rank) {
    const given = `A [${loraA.shape.join(', ')}] and B [${loraB.shape.join(', ')}] do not fit x [${x.shape.join(', ')}] and output [${output.shape.join(', ')}]`;
    throw new ShapeError(`lora: ${given}; expected A [rank, ${x.shape.at(-1)}] and B [${output.shape.at(-1)}, rank]`);
  }
  const dropped = mask === undefined ? x : tf.mul(x, mask);
  const low = tf.matMul(tf.reshape(dropped, [-1, inputSize]), loraA, false, true); // [rows, rank]
  // Scaled while it is small: rank columns instead of outputSize.
  const update = tf.matMul(scaling === 1 ? low : tf.mul(low, scaling), loraB, false, true); // [rows, outputSize]
  return tf.add(output, tf.reshape(update, output.shape));
}
