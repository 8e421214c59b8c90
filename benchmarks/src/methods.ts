import type { HostTensors, RandomSource } from '@attune/base';
import type { Attachment, Model } from '@attune/core';
import { fullFineTuning } from '@attune/full-fine-tuning';
import { layerFreezing } from '@attune/layer-freezing';
import { lora } from '@attune/lora';
import { pTuning } from '@attune/p-tuning';

export const methodNames = ['full', 'half-frozen', 'lora', 'p-tuning'] as const;
export type MethodName = (typeof methodNames)[number];

interface AttachInput {
  readonly model: Model;
  readonly values: HostTensors;
  readonly random: RandomSource;
}

/** What each measured method adds to a model; what is not said has its default. */
export const attachMethod: Readonly<Record<MethodName, (input: AttachInput) => Attachment>> = {
  full: (input) => fullFineTuning.attach({ ...input, settings: fullFineTuning.settings.parse({}) }),
  'half-frozen': (input) =>
    layerFreezing.attach({
      ...input,
      settings: layerFreezing.settings.parse({ freeze: 'bottom', bottomLayers: '50%' }),
    }),
  lora: (input) => lora.attach({ ...input, settings: lora.settings.parse({ rank: 8, alpha: 16 }) }),
  'p-tuning': (input) => pTuning.attach({ ...input, settings: pTuning.settings.parse({ numVirtualTokens: 8 }) }),
};
