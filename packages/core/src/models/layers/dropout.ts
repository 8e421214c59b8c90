import * as tf from '@tensorflow/tfjs-core';
import type { ForwardContext } from '../../contracts/model.ts';

/** A forward pass without dropout; asking it for a mask is a programming error. */
export const evaluationContext: ForwardContext = {
  training: false,
  firstNoisyLayer: 0,
  noise: ({ site }) => {
    throw new Error(`${site}: asked for a dropout mask outside training`);
  },
};

/** A tensor to drop out: where, at which rate, and in which layer, by which frozen layers are left without. */
interface DropoutCall<T extends tf.Tensor> {
  /** Where, unique within a forward pass; the mask is drawn for it. */
  readonly site: string;
  readonly input: T;
  readonly rate: number;
  /** Layer of the site, 0 at the bottom. The embeddings go with layer 0. */
  readonly layer: number;
  readonly context: ForwardContext;
}

/**
 * Inverted dropout: the input times a mask of 0 and 1 / (1 - rate), which the context supplies.
 *
 * Identity, and no mask is asked for, when not training, at rate 0, and below `context.firstNoisyLayer`. The
 * embeddings' dropout belongs to layer 0: it is active exactly when firstNoisyLayer is 0 or less.
 */
export function dropout<T extends tf.Tensor>({ site, input, rate, layer, context }: DropoutCall<T>): T {
  if (!context.training || rate === 0 || layer < context.firstNoisyLayer) return input;
  return tf.mul(input, context.noise({ site, shape: input.shape, rate }));
}
