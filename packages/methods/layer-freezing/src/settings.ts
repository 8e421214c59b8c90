import { z } from 'zod';

/**
 * A glob over a whole parameter name ("*" is any text, "?" one character), or, between slashes, a regular
 * expression that may match anywhere in it.
 *
 * @returns the expression, or why there is none
 */
export function compilePattern(pattern: string): RegExp | string {
  if (!(pattern.length > 2 && pattern.startsWith('/') && pattern.endsWith('/'))) return globExpression(pattern);
  try {
    return new RegExp(pattern.slice(1, -1), 'u');
  } catch (error) {
    return `expected a glob or a /regular expression/, got "${pattern}": ${(error as Error).message}`;
  }
}

function globExpression(glob: string): RegExp {
  const escaped = glob.replaceAll(/[\\^$.|+()[\]{}/-]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}

const choices = ['bottom', 'all-but-head', 'all-but-biases', 'by-name'];

const patterns = z
  .array(
    z
      .string()
      .min(1)
      .superRefine((pattern, context) => {
        const compiled = compilePattern(pattern);
        if (typeof compiled === 'string') context.addIssue({ code: 'custom', message: compiled });
      })
      .describe('a glob over the whole parameter name ("*" is any text, "?" one character), or a /regular expression/'),
  )
  .describe('names of backbone parameters that do not train besides; each pattern must match at least one');

const embeddings = z.boolean().default(true).describe('whether the embeddings are frozen');

const layersMessage = 'expected a number of layers (0 or more) or a percentage such as "50%"';

const bottomLayers = z
  .union([z.int().min(0, layersMessage), z.string().regex(/^(100|\d{1,2}(\.\d+)?)%$/, layersMessage)], layersMessage)
  .default('50%')
  .describe('how many encoder layers are frozen, counted from the bottom; or which percentage of them, rounded');

/** Settings of layer freezing: a choice of `freeze`, with the fields that this choice has. */
export const layerFreezingSettings = z.discriminatedUnion(
  'freeze',
  [
    z.strictObject({
      freeze: z
        .literal('bottom')
        .default('bottom')
        .describe('the bottom of the model is frozen: embeddings and the lowest layers'),
      embeddings,
      bottomLayers,
      patterns: patterns.default([]),
    }),
    z.strictObject({
      freeze: z.literal('all-but-head').describe('everything below the head is frozen, the pooler included'),
      patterns: patterns.default([]),
    }),
    z.strictObject({
      freeze: z.literal('all-but-biases').describe('only the biases and the classification head train (BitFit)'),
      patterns: patterns.default([]),
    }),
    z.strictObject({
      freeze: z.literal('by-name').describe('only what `patterns` names is frozen'),
      patterns: patterns.min(1),
    }),
  ],
  {
    error: ({ code }) => (code === 'invalid_union' ? `expected one of ${choices.join(', ')}` : undefined),
  },
);

/** Settings as the method takes them, with every default filled in. */
export type LayerFreezingSettings = z.output<typeof layerFreezingSettings>;
/** As written in an experiment: every field that has a default may be left out. */
export type LayerFreezingSettingsInput = z.input<typeof layerFreezingSettings>;
