import type { HostTensors } from '@attune/base';
import { type AttachCall, type FineTuningMethod, type Hooks, initializeParameters } from '@attune/core';
import { placePrompts, randomRows, wordEmbeddings, wordEmbeddingValues } from './place-prompts.ts';
import { encodePrompts, promptParameters, promptTable } from './prompt-encoder.ts';
import { type PTuningSettings, pTuningSettings } from './settings.ts';

/**
 * P-tuning: the embeddings of pseudo tokens inside a pattern come from a trained prompt encoder. Where they stand,
 * and the ordinary words between them (anchors), is the formulation's business.
 */
export const pTuning: FineTuningMethod<PTuningSettings> = {
  name: 'p-tuning',
  settings: pTuningSettings,
  attach(call) {
    const { model, settings } = call;
    const parameters = promptParameters({ ...settings, width: wordEmbeddings(model).width });
    const isBackbone = (role: string) => role !== 'adapter' && role !== 'classifier';
    return {
      parameters,
      initialValues: () => initialValues(call, parameters),
      isTrainable: ({ role }) => settings.backbone === 'tuned' || !isBackbone(role),
      hooks: { inputEmbeddings: promptHook(settings) },
      numVirtualTokens: settings.numVirtualTokens,
      learningRateScale: ({ role }) => (isBackbone(role) ? settings.backboneLearningRateScale : 1),
    };
  },
};

function promptHook(settings: PTuningSettings): NonNullable<Hooks['inputEmbeddings']> {
  return ({ embeddings, inputs, parameters, context }) => {
    if (inputs.virtualTokenIndex === undefined) return embeddings;
    return placePrompts(embeddings, encodePrompts({ settings, parameters, context }), inputs.virtualTokenIndex);
  };
}

function initialValues(
  { model, values, settings, random }: AttachCall<PTuningSettings>,
  parameters: Parameters<typeof initializeParameters>[0],
): HostTensors {
  const drawn = initializeParameters(parameters, random);
  if (settings.initialization === 'random') return drawn;
  const words = wordEmbeddingValues(values, wordEmbeddings(model).name);
  return new Map(drawn).set(promptTable, randomRows(words, settings.numVirtualTokens, random.fork('vocabulary')));
}
