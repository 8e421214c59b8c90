import type { Graph } from '../graph.ts';
import { eliminateCommonSubexpressions } from './eliminate-common-subexpressions.ts';
import { eliminateDeadCode } from './eliminate-dead-code.ts';
import { mergeSegmentSums } from './merge-segment-sums.ts';
import { simplify } from './simplify.ts';

/** What every graph goes through before it is split or fused: the same values with fewer nodes. */
export function reduceWork(graph: Graph): Graph {
  return eliminateDeadCode(eliminateCommonSubexpressions(mergeSegmentSums(simplify(graph))));
}
