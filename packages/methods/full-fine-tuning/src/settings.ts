import { z } from 'zod';

/** Settings of full fine-tuning. */
export const fullFineTuningSettings = z.strictObject({
  layerDecay: z
    .number()
    .positive()
    .max(1)
    .default(1)
    .describe('factor on the learning rate per layer from the top down; 1 gives every parameter the same rate'),
});

/** Settings as the method takes them, with every default filled in. */
export type FullFineTuningSettings = z.output<typeof fullFineTuningSettings>;
