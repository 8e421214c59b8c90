import type { Graph, ValueId } from '../graph.ts';
import { renumber } from './rebuild.ts';

/** Removes nodes, constants and inputs that no output depends on. */
export function eliminateDeadCode(graph: Graph): Graph {
  const live = new Set<ValueId>(graph.outputs.map(({ value }) => value));
  const nodes = graph.nodes
    .toReversed()
    .filter((node) => {
      const needed = node.outputs.some((value) => live.has(value));
      if (needed) {
        for (const value of node.inputs) {
          live.add(value);
        }
      }
      return needed;
    })
    .toReversed();
  return renumber({
    ...graph,
    nodes,
    inputs: graph.inputs.filter(({ value }) => live.has(value)),
    constants: graph.constants.filter(({ value }) => live.has(value)),
  });
}
