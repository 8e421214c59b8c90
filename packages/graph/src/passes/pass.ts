import type { Graph } from '../graph.ts';

/** A graph with the same inputs, outputs and values. */
export type Pass = (graph: Graph) => Graph;

/** Passes that can be left out one by one, to see what each is worth; `updates` stands for `splitUpdates`. */
export const passNames = [
  'simplify',
  'merge-segment-sums',
  'common-subexpressions',
  'updates',
  'fuse-normalization',
  'fuse-gelu',
  'fuse-products',
] as const;
export type PassName = (typeof passNames)[number];

/** Passes in order, but for those left out. */
export function applyPasses(
  graph: Graph,
  passes: readonly (readonly [PassName, Pass])[],
  without: ReadonlySet<PassName>,
): Graph {
  return passes.filter(([name]) => !without.has(name)).reduce((current, [, pass]) => pass(current), graph);
}
