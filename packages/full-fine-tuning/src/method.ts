import type { FineTuningMethod } from '@attune/core';
import { layerLearningRateScale } from './layer-learning-rate.ts';
import { type FullFineTuningSettings, fullFineTuningSettings } from './settings.ts';

/** Trains every parameter of backbone and head, optionally with a learning rate that falls towards the bottom. */
export const fullFineTuning: FineTuningMethod<FullFineTuningSettings> = {
  name: 'full-fine-tuning',
  settings: fullFineTuningSettings,
  attach({ model, settings }) {
    const { layerDecay } = settings;
    return {
      parameters: [],
      initialValues: () => new Map(),
      isTrainable: () => true,
      hooks: {},
      numVirtualTokens: 0,
      unchangedAtStart: true,
      ...(layerDecay === 1
        ? {}
        : { learningRateScale: (parameter) => layerLearningRateScale(parameter, model.numLayers, layerDecay) }),
    };
  },
};
