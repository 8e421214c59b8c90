import type { Graph, GraphNode, ValueInfo } from './graph.ts';
import type { KernelName } from './kernels.ts';
import type { KernelRule } from './rules/kernel-rule.ts';
import { kernelRules } from './rules/kernel-rules.ts';

/**
 * Floating-point operations of one run, from the rule of each kernel: a multiply-add is two, any other
 * arithmetic on an element one (compound kernels a few, see the rules), moving data none.
 */
export function countFlops(graph: Graph): number {
  return graph.nodes.reduce((sum, node) => sum + countNodeFlops(graph, node), 0);
}

export function countNodeFlops(graph: Graph, { kernel, inputs, attributes, outputs }: GraphNode): number {
  const infos = (values: readonly number[]): ValueInfo[] => values.map((value) => graph.values[value]!);
  // The table pairs each kernel with its own attributes; a union of rules loses that pairing.
  const rule = kernelRules[kernel] as unknown as KernelRule<KernelName>;
  return rule.flops({ inputs: infos(inputs), attributes }, infos(outputs));
}
