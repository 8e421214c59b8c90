import type { FineTuningMethod } from '@attune/core';
import { nothingAttached } from '@attune/core';
import { type ZeroShotSettings, zeroShotSettings } from './settings.ts';

/**
 * The anchor of a comparison: the model as it was pre-trained, nothing trained, asked through a cloze. Any method
 * should do better than this.
 */
export const zeroShot: FineTuningMethod<ZeroShotSettings> = {
  name: 'zero-shot',
  settings: zeroShotSettings,
  attach: () => nothingAttached,
};
