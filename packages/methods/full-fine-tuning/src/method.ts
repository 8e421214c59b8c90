import type { FineTuningMethod, ParameterSpec } from '@attune/core';
import { type FullFineTuningSettings, fullFineTuningSettings } from './settings.ts';

/**
 * Discriminative learning rates: lr_l = lr · decay^(numLayers - l), with layers counted from 0 at the bottom,
 * the embeddings at l = -1 and everything above the encoder (pooler, heads) at l = numLayers. What several layers share
 * is at the top one, l = numLayers - 1.
 * Howard & Ruder 2018, "Universal Language Model Fine-tuning for Text Classification", section 3.2.
 *
 * @returns a factor on the learning rate, 1 at the head and smallest at the embeddings
 */
export function layerLearningRateScale(parameter: ParameterSpec, numLayers: number, decay: number): number {
  return decay ** (numLayers - depth(parameter, numLayers));
}

function depth(parameter: ParameterSpec, numLayers: number): number {
  if (parameter.role === 'embeddings') return -1;
  return parameter.layer ?? (parameter.role === 'encoder' ? numLayers - 1 : numLayers);
}

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
