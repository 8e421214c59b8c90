import { type FineTuningMethod, nothingAttached } from '@attune/core';
import { z } from 'zod';

/**
 * The anchor of a comparison: the model as it was pre-trained, nothing trained, asked through a cloze. Any method
 * should do better than this.
 */
export const zeroShot: FineTuningMethod<Record<string, never>> = {
  name: 'zero-shot',
  settings: z.strictObject({}),
  attach: () => nothingAttached,
};
