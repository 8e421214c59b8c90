import type { Graph, GraphNode, ValueId } from '../graph.ts';

/** Renumbers values in order of appearance: inputs, constants, then node outputs. Anything unlisted is gone. */
export function renumber(graph: Graph): Graph {
  const numbers = new Map<ValueId, ValueId>();
  const number = (value: ValueId): ValueId => {
    const known = numbers.get(value) ?? numbers.size;
    numbers.set(value, known);
    return known;
  };
  const inputs = graph.inputs.map(({ name, value }) => ({ name, value: number(value) }));
  const constants = graph.constants.map(({ value, data }) => ({ value: number(value), data }));
  const nodes = graph.nodes.map(
    (node) => ({ ...node, inputs: node.inputs.map(number), outputs: node.outputs.map(number) }) as GraphNode,
  );
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: number(value) }));
  const values = [...numbers.keys()].map((value) => graph.values[value]!);
  return { values, inputs, constants, nodes, outputs };
}
