import { type Model, type ProjectionSpec, projectionsNamed, projectionsOfKind } from '@attune/core';
import { z } from 'zod';

/** What PEFT's LoraConfig calls a setting, as it is and as the command line reads `--lora-alpha`. */
const alsoAs = (name: string) => ({
  otherNames: [name, name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())],
});

/** Settings of LoRA; defaults are PEFT's. */
export const loraSettings = z.strictObject({
  rank: z
    .int()
    .positive()
    .default(8)
    .meta({ description: 'inner dimension r of the update', otherNames: ['r'] }),
  alpha: z
    .number()
    .positive()
    .default(8)
    .meta({ description: 'numerator of the scaling: alpha / rank, or alpha / √rank', ...alsoAs('lora_alpha') }),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .meta({ description: 'dropout rate on the input of the low-rank branch alone', ...alsoAs('lora_dropout') }),
  targetModules: z
    .union([z.enum(['query-value', 'all-linear']), z.array(z.string().min(1)).min(1)], {
      error: 'expected "query-value", "all-linear" or a list of at least one projection name such as "query"',
    })
    .default('query-value')
    .meta({
      description:
        'projections that get an update: ends of their names at a dot; "query-value" for those of queries and values, ' +
        'whatever the family calls them; or "all-linear" for every one in the layers',
      ...alsoAs('target_modules'),
    }),
  useRslora: z
    .boolean()
    .default(false)
    .meta({ description: 'scale by alpha / √rank (rank-stabilised LoRA)', ...alsoAs('use_rslora') }),
});

/** Settings as the method takes them, with every default filled in. */
export type LoraSettings = z.output<typeof loraSettings>;

/**
 * Factor on the low-rank branch: alpha / rank, or alpha / √rank.
 * Kalajdzievski 2023, "A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA", for the second.
 */
export function loraScaling({ alpha, rank, useRslora }: LoraSettings): number {
  return alpha / (useRslora ? Math.sqrt(rank) : rank);
}

/**
 * The projections that get an update, in the model's order. Those of queries and values are PEFT's targets where a
 * configuration names none; it has none for DistilBERT and ALBERT, which get the same here.
 *
 * @throws ConfigError naming every target that matches nothing
 */
export function targetProjections(model: Model, targets: LoraSettings['targetModules']): readonly ProjectionSpec[] {
  if (targets === 'all-linear') return model.projections;
  if (targets === 'query-value') return projectionsOfKind(model, ['query', 'value']);
  return projectionsNamed(model, targets, 'lora: targetModules');
}
