import { z } from 'zod';

const fields = z.strictObject({
  numVirtualTokens: z
    .int()
    .positive()
    .default(4)
    .meta({
      description: 'pseudo tokens that a pattern places',
      otherNames: ['num_virtual_tokens', 'prompt_length'],
    }),
  encoder: z
    .enum(['lstm', 'mlp', 'identity'])
    .default('lstm')
    .meta({
      description: 'what turns the table of prompt embeddings into input embeddings',
      otherNames: ['encoder_reparameterization_type'],
    }),
  lstmHiddenSize: z
    .union([z.enum(['half', 'full']), z.int().positive()], {
      error: 'expected "half", "full" or a positive number of units',
    })
    .default('half')
    .meta({
      description:
        "units per direction: half the embedding width (the authors' LAMA code), all of it (their SuperGLUE code), or so many",
      otherNames: ['encoder_hidden_size'],
    }),
  lstmDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .meta({ description: 'dropout rate between the two LSTM layers', otherNames: ['encoder_dropout'] }),
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
