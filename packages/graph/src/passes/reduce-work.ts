import type { Graph } from '../graph.ts';
import { eliminateCommonSubexpressions } from './eliminate-common-subexpressions.ts';
import { eliminateDeadCode } from './eliminate-dead-code.ts';
import { mergeSegmentSums } from './merge-segment-sums.ts';
import { applyPasses, type PassName } from './pass.ts';
import { simplify } from './simplify.ts';

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
