import type { ConstantData, Graph, ValueId } from '../graph.ts';
import { sizeOf } from '../graph.ts';
import { infoText } from '../text.ts';
import { evaluateNode } from './evaluate-node.ts';
import type { HostValue } from './on-cpu.ts';

/**
 * Computes a graph node by node in JavaScript: the meaning that every pass keeps. Slow; for tests and for folding.
 *
 * @param inputs  content of each of the graph's inputs by name; others are ignored
 * @returns       outputs by name
 * @throws RangeError when an input is missing or has another number of elements than its shape
 */
export function evaluateGraph(graph: Graph, inputs: ReadonlyMap<string, ConstantData>): Map<string, HostValue> {
  const values = new Map<ValueId, HostValue>();
  for (const { value, data } of graph.constants) {
    values.set(value, { ...graph.values[value]!, data });
  }
  for (const { name, value } of graph.inputs) {
    const info = graph.values[value]!;
    const data = inputs.get(name);
    if (data?.length !== sizeOf(info.shape)) {
      throw new RangeError(`evaluate: input "${name}" is ${infoText(info)}, got ${data?.length ?? 'no'} elements`);
    }
    values.set(value, { ...info, data });
  }
  for (const node of graph.nodes) {
    const results = evaluateNode(
      node,
      node.inputs.map((value) => values.get(value)!),
    );
    for (const [index, value] of node.outputs.entries()) {
      values.set(value, results[index]!);
    }
  }
  return new Map(graph.outputs.map(({ name, value }) => [name, values.get(value)!]));
}
