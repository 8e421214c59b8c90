import { type Model, type ProjectionSpec, projectionsNamed, projectionsOfKind } from '@attune/core';
import type { LoraSettings } from './settings.ts';

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
