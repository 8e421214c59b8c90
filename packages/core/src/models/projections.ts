import { ConfigError, nearestNames } from '@attune/base';
import type { Model, ProjectionKind, ProjectionSpec } from '../contracts/model.ts';

/**
 * The projections that compute any of some kinds, in the model's order. Where a family computes queries, keys and
 * values in one, asking for any of them gives that one, once.
 */
export function projectionsOfKind(model: Model, kinds: readonly ProjectionKind[]): readonly ProjectionSpec[] {
  return model.projections.filter((spec) => partsOf(spec).some((kind) => kinds.includes(kind)));
}

/** The kinds that a projection computes: its own, or the three of a fused one. */
function partsOf({ kind }: ProjectionSpec): readonly ProjectionKind[] {
  return kind === 'query-key-value' ? ['query', 'key', 'value'] : [kind];
}

/**
 * The projections that are named by ends of their paths, in the model's order. An end matches a name that it equals or
 * ends at a dotted boundary: "query" and "self.query" match "…attention.self.query", "uery" does not. PEFT's rule for
 * lists of `target_modules`, but that here each must match.
 *
 * @param where  method and setting, which messages start with: "lora: targetModules"
 * @throws ConfigError naming every end that matches nothing, with what would
 */
export function projectionsNamed(model: Model, ends: readonly string[], where: string): readonly ProjectionSpec[] {
  const missing = ends.filter((end) => !model.projections.some(({ name }) => endsWithPath(name, end)));
  if (missing.length > 0) throw new ConfigError(missing.map((end) => noMatch(model, end, where)).join('\n'));
  return model.projections.filter(({ name }) => ends.some((end) => endsWithPath(name, end)));
}

function endsWithPath(name: string, path: string): boolean {
  return name === path || name.endsWith(`.${path}`);
}

function noMatch(model: Model, end: string, where: string): string {
  const known = pathEnds(model.projections.map(({ name }) => name));
  const near = nearestNames(end, known, 1);
  const shown = near.length > 0 ? near : known.filter((name) => !name.includes('.'));
  const message = `${where} "${end}" matches none of ${model.family}'s ${model.projections.length} linear projections`;
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
