import { type CountCall, methodContract } from '@attune/testing';
import { pTuning } from './method.ts';
import type { PTuningSettings } from './settings.ts';

methodContract({
  method: pTuning,
  settings: {
    defaults: {},
    // Not the LSTM: with one token its recurrent weights meet zeros alone, and rightly stay as they are.
    'one pseudo token': { encoder: 'mlp', numVirtualTokens: 1 },
    'few-shot LSTM with dropout': { lstmHiddenSize: 'full', lstmDropout: 0.2, numVirtualTokens: 3 },
    'MLP from the vocabulary': { encoder: 'mlp', initialization: 'vocabulary', numVirtualTokens: 2 },
    'identity, tuned backbone': { encoder: 'identity', backbone: 'tuned', backboneLearningRateScale: 0.1 },
  },
  trainableParameters,
  refused: [
    [{ numVirtualTokens: 0 }, 'numVirtualTokens'],
    [{ numVirtualTokens: 2.5 }, 'numVirtualTokens'],
    [{ encoder: 'gru' }, 'encoder'],
    [{ lstmHiddenSize: 'double' }, 'lstmHiddenSize'],
    [{ lstmDropout: 1 }, 'lstmDropout'],
    [{ backbone: 'thawed' }, 'backbone'],
    [{ backboneLearningRateScale: 0 }, 'backboneLearningRateScale'],
    [{ backboneLearningRateScale: 0.1 }, 'backboneLearningRateScale'],
    [{ encoder: 'mlp', lstmDropout: 0.1 }, 'lstmDropout'],
    [{ encoder: 'identity', lstmHiddenSize: 'full' }, 'lstmHiddenSize'],
    [{ initialization: 'zeros' }, 'initialization'],
  ],
});

/** The formulas of the README. */
function trainableParameters({ settings, config, backbone, head }: CountCall<PTuningSettings>): number {
  const width = config.hidden_size;
  const units = settings.lstmHiddenSize === 'full' ? width : width / 2;
  const lstm = 8 * units * (width + units + 2) + 8 * units * (3 * units + 2);
  const encoder = {
    identity: 0,
    mlp: 2 * (width ** 2 + width),
    lstm: lstm + 2 * units * width + width + width ** 2 + width,
  }[settings.encoder];
  return settings.numVirtualTokens * width + encoder + head + (settings.backbone === 'tuned' ? backbone : 0);
}
