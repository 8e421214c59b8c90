import type { FineTuningMethod } from '@attune/core';
import { frozenBy } from './frozen-parameters.ts';
import { type LayerFreezingSettings, layerFreezingSettings } from './settings.ts';

/** Trains a part of the model's own parameters and the classification head; the rest keeps its values. */
export const layerFreezing: FineTuningMethod<LayerFreezingSettings> = {
  name: 'layer-freezing',
  settings: layerFreezingSettings,
  attach({ model, settings }) {
    const isFrozen = frozenBy(settings, model);
    return {
      parameters: [],
      initialValues: () => new Map(),
      isTrainable: (parameter) => !isFrozen(parameter),
      hooks: {},
      numVirtualTokens: 0,
      unchangedAtStart: true,
    };
  },
};
