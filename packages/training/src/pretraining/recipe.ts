import { parseWith } from '@attune/base';
import type { ModelConfig } from '@attune/core';
import { z } from 'zod';

const probability = z.number().gt(0).lt(1);
const phase = z.strictObject({
  /** Text files, one passage per line, relative to the recipe's folder. */
  corpus: z.array(z.string().min(1)).min(1),
  steps: z.int().min(1),
  batchSize: z.int().min(1),
  learningRate: z.number().gt(0),
});

const masking = {
  maskProbability: probability,
  /** Words asked for more often than the others. */
  salient: z.strictObject({ words: z.array(z.string().min(1)).min(1), maskProbability: probability }).optional(),
};

/** A phase may mask otherwise than the recipe, e.g. a last one that asks for little but answers. */
const maskedPhase = phase.extend({ masking: z.strictObject(masking).optional() });

/**
 * How a checkpoint comes about. Phases follow each other, each with its own warm-up, decay and optimiser state: what
 * is short and simple may come first (as BERT saw short sequences first, Devlin et al. 2019, appendix A.2).
 */
const shared = {
  seed: z.int(),
  maxLength: z.int().min(3),
  warmupRatio: z.number().min(0).max(1),
  weightDecay: z.number().min(0),
  maxGradientNorm: z.number().gt(0).optional(),
  phases: z.array(phase).min(1),
};

const schema = z.discriminatedUnion('objective', [
  z.strictObject({
    /** What is predicted: words that are masked; or, below, each next token. */
    objective: z.literal('masked').default('masked'),
    ...masking,
    ...shared,
    phases: z.array(maskedPhase).min(1),
  }),
  z.strictObject({ objective: z.literal('causal'), ...shared }),
]);

/** How a model is pre-trained: the content of a recipe.json. */
export type PretrainingRecipe = z.infer<typeof schema>;
/** The recipe of a masked language model. */
export type MaskedRecipe = Extract<PretrainingRecipe, { objective: 'masked' }>;
/** One phase of a recipe: its corpus, its settings, how long. */
export type PretrainingPhase = z.infer<typeof phase>;

/** The content of a recipe.json, checked. @throws ConfigError listing every problem */
export function parsePretrainingRecipe(value: unknown, where = 'recipe.json'): PretrainingRecipe {
  return parseWith(schema, value, `${where}: not a usable recipe`);
}

/** What counts layers, heads and widths in the configurations of all families. */
const sizes = [
  ...['hidden_size', 'n_embd', 'dim', 'intermediate_size', 'n_inner', 'hidden_dim', 'embedding_size'],
  ...['num_hidden_layers', 'n_layer', 'n_layers', 'num_attention_heads', 'n_head', 'n_heads', 'num_key_value_heads'],
];

/**
 * A model of twice the layers, heads and widths, and the recipe for it: 4 layers of 256 where the built-in world's
 * minis have 2 of 128. Weights start smaller by √2, which keeps the variance of what they compute, and learning rates
 * are halved, as AdamW's steps are of one size whatever the width (Yang et al. 2022, "Tensor Programs V", table 3).
 */
export function smallModel(given: { readonly config: ModelConfig; readonly recipe: PretrainingRecipe }): typeof given {
  const { config, recipe } = given;
  const doubled = Object.entries(config).map(([key, value]) => {
    if (sizes.includes(key) && typeof value === 'number') return [key, 2 * value];
    if (key === 'initializer_range' && typeof value === 'number') return [key, value / Math.SQRT2];
    return [key, value];
  });
  const phases = recipe.phases.map((phase) => ({ ...phase, learningRate: phase.learningRate / 2 }));
  return { config: Object.fromEntries(doubled), recipe: { ...recipe, phases } };
}
