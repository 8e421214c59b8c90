import type { Graph } from '../graph.ts';
import { eliminateCommonSubexpressions, eliminateDeadCode } from './eliminate.ts';
import { fuseGelu, fuseNormalization } from './fuse-layers.ts';
import { fuseProducts } from './fuse-products.ts';
import { mergeSegmentSums, simplify } from './simplify.ts';

/** A graph with the same inputs, outputs and values. */
type Pass = (graph: Graph) => Graph;

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
/** A pass by name. */
export type PassName = (typeof passNames)[number];

/** Passes in order, but for those left out. */
function applyPasses(
  graph: Graph,
  passes: readonly (readonly [PassName, Pass])[],
  without: ReadonlySet<PassName>,
): Graph {
  return passes.filter(([name]) => !without.has(name)).reduce((current, [, pass]) => pass(current), graph);
}

/**
 * What every graph goes through before it is split or fused: the same values with fewer nodes.
 *
 * @param without  passes to leave out
 */
export function reduceWork(graph: Graph, without: ReadonlySet<PassName> = new Set()): Graph {
  const reduced = applyPasses(
    graph,
    [
      ['simplify', simplify],
      ['merge-segment-sums', mergeSegmentSums],
      ['common-subexpressions', eliminateCommonSubexpressions],
    ],
    without,
  );
  return eliminateDeadCode(reduced);
}

/**
 * Several nodes as one operator where ONNX Runtime has it and measurement shows it faster (`npm run bench -- passes`).
 * Values agree to rounding: sums are taken in another order. For the last graph before lowering; other passes do not
 * know the fused kernels.
 *
 * @param without  passes to leave out
 */
export function fuse(graph: Graph, without: ReadonlySet<PassName> = new Set()): Graph {
  return applyPasses(
    graph,
    [
      ['fuse-normalization', fuseNormalization],
      ['fuse-gelu', fuseGelu],
      ['fuse-products', fuseProducts],
    ],
    without,
  );
}
