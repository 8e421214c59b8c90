import type { HostTensors } from '@attune/base';
import { type AttachCall, type FineTuningMethod, type Hooks, initializeParameters } from '@attune/core';
import { z } from 'zod';
import { placePrompts, randomRows, wordEmbeddings, wordEmbeddingValues } from './place-prompts.ts';
import { encodePrompts, promptParameters, promptTable } from './prompt-encoder.ts';

/** Settings of P-tuning. `lstmHiddenSize` and `lstmDropout` apply to the LSTM encoder alone. */
const pTuningSettings = z.strictObject({
  numVirtualTokens: z.int().positive().default(4).describe('pseudo tokens that a pattern places'),
  encoder: z
    .enum(['lstm', 'mlp', 'identity'])
    .default('lstm')
    .describe('what turns the table of prompt embeddings into input embeddings'),
  lstmHiddenSize: z
    .union([z.enum(['half', 'full']), z.int().positive()], {
      error: 'expected "half", "full" or a positive number of units',
    })
    .default('half')
    .describe(
      "units per direction: half the embedding width (the authors' LAMA code), all of it (their SuperGLUE code), or so many",
    ),
  lstmDropout: z.number().min(0).lt(1).default(0).describe('dropout rate between the two LSTM layers'),
  backbone: z.enum(['frozen', 'tuned']).default('frozen').describe('whether the language model trains too'),
  backboneLearningRateScale: z
    .number()
    .positive()
    .default(1)
    .describe('factor on the learning rate of a tuned language model; prompt encoder and head keep 1'),
  initialization: z
    .enum(['random', 'vocabulary'])
    .default('random')
    .describe("where prompt embeddings start: N(0, 1), or the model's embeddings of random words"),
});

/** Settings as the method takes them, with every default filled in. */
export type PTuningSettings = z.output<typeof pTuningSettings>;

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
