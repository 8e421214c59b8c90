import type { Graph, ValueId } from '../graph.ts';

/** Everything that no input has a say in: constants, fills, and what is computed from these alone. */
export function constantValues(graph: Graph): ReadonlySet<ValueId> {
  const constant = new Set(graph.constants.map(({ value }) => value));
  for (const { inputs, outputs } of graph.nodes) {
    if (inputs.every((value) => constant.has(value))) for (const value of outputs) constant.add(value);
  }
  return constant;
}
