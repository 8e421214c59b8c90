import type { Graph } from '../graph.ts';
import { nodeFlops } from './node-costs.ts';

/**
 * Floating-point operations of one run, from the rule of each kernel: a multiply-add is two, any other
 * arithmetic on an element one (compound kernels a few, see the rules), moving data none.
 */
export function countFlops(graph: Graph): number {
  return graph.nodes.reduce((sum, node) => sum + nodeFlops(graph, node), 0);
}
