import { ConfigError, type Model, nearestNames, type ProjectionSpec } from '@attune/core';
import type { LoraSettings } from './settings.ts';

/**
 * What families call the projections of queries and values, GPT-2 both and the keys in one. PEFT's targets where a
 * configuration names none; it has none for DistilBERT and ALBERT, which get the same here.
 */
const queryAndValue = [['query', 'value'], ['q_lin', 'v_lin'], ['q_proj', 'v_proj'], ['c_attn']] as const;

/**
 * The projections that get an update, in the model's order. A target matches a name that it equals or ends at a
 * dotted boundary: "query" and "self.query" match "…attention.self.query", "uery" does not. PEFT's rule for lists.
 *
 * @throws ConfigError naming every target that matches nothing
 */
export function targetProjections(model: Model, targets: LoraSettings['targetModules']): readonly ProjectionSpec[] {
  if (targets === 'all-linear') return model.projections;
  if (targets === 'query-value') return queryAndValueProjections(model);
  const missing = targets.filter((target) => !model.projections.some(({ name }) => endsWithPath(name, target)));
  if (missing.length > 0) throw new ConfigError(missing.map((target) => noMatch(model, target)).join('\n'));
  return model.projections.filter(({ name }) => targets.some((target) => endsWithPath(name, target)));
}

function queryAndValueProjections(model: Model): readonly ProjectionSpec[] {
  for (const names of queryAndValue) {
    const found = model.projections.filter(({ name }) => names.some((end) => endsWithPath(name, end)));
    if (found.length > 0) return found;
  }
  const known = queryAndValue.map((names) => names.join(' and ')).join('; ');
  throw new ConfigError(
    `lora: targetModules "query-value": expected projections of ${model.family} called ${known}; name its targets`,
  );
}

function endsWithPath(name: string, path: string): boolean {
  return name === path || name.endsWith(`.${path}`);
}

function noMatch(model: Model, target: string): string {
  const known = pathEnds(model.projections.map(({ name }) => name));
  const near = nearestNames(target, known, 1);
  const shown = near.length > 0 ? near : known.filter((name) => !name.includes('.'));
  const message = `lora: targetModules "${target}" matches none of ${model.family}'s ${model.projections.length} linear projections`;
  return `${message}; try ${shown.map((name) => `"${name}"`).join(', ')}`;
}

/** Every way of naming the projections of one layer: "query", "self.query", "attention.self.query". */
function pathEnds(names: readonly string[]): string[] {
  const ends = new Set<string>();
  for (const name of names) {
    const parts = name.split('.');
    for (let start = parts.length - 1; start >= 0 && !/^\d+$/.test(parts[start]!); start -= 1) {
      ends.add(parts.slice(start).join('.'));
    }
  }
  return [...ends];
}
