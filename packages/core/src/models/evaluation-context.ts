import type { ForwardContext } from '../contracts/model.ts';

/** A forward pass without dropout; asking it for a mask is a programming error. */
export const evaluationContext: ForwardContext = {
  training: false,
  firstNoisyLayer: 0,
  noise: ({ site }) => {
    throw new Error(`${site}: asked for a dropout mask outside training`);
  },
};
