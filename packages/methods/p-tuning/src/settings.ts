import { z } from 'zod';

const fields = z.strictObject({
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

/** Settings of P-tuning. One that the choice of another leaves without effect is refused. */
export const pTuningSettings = fields.superRefine((settings, context) => {
  const refuse = (name: keyof typeof settings, needed: string) => {
    const message = `has no effect here: it needs ${needed}; leave one of the two out`;
    context.addIssue({ code: 'custom', path: [name], message });
  };
  if (settings.encoder !== 'lstm') {
    if (settings.lstmHiddenSize !== 'half') refuse('lstmHiddenSize', "encoder 'lstm'");
    if (settings.lstmDropout !== 0) refuse('lstmDropout', "encoder 'lstm'");
  }
  if (settings.backbone === 'frozen' && settings.backboneLearningRateScale !== 1) {
    refuse('backboneLearningRateScale', "backbone 'tuned'");
  }
});

/** Settings as the method takes them, with every default filled in. */
export type PTuningSettings = z.output<typeof pTuningSettings>;
