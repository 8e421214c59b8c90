import type { ModelConfig } from '../models/model-family.ts';
import type { PretrainingRecipe } from './recipe.ts';

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
