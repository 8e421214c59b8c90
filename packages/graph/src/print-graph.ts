import type { Graph, GraphNode, ValueId } from './graph.ts';
import { attributeText, constantText, infoText } from './text.ts';

/**
 * The whole graph as text, one line per value; two graphs print alike only when they compute the same.
 *
 *     %0 = input "x" float32[2]
 *     %1 = constant float32[] (0.5)
 *     %2 = Multiply %0 %1 : float32[2]
 *     output "y" = %2
 */
export function printGraph(graph: Graph): string {
  const inputs = graph.inputs.map(({ name, value }) => `%${value} = input "${name}" ${infoText(graph.values[value]!)}`);
  const constants = graph.constants.map(
    ({ value, data }) => `%${value} = constant ${constantText(graph.values[value]!, data)}`,
  );
  const nodes = graph.nodes.map((node) => nodeText(graph, node));
  const outputs = graph.outputs.map(({ name, value }) => `output "${name}" = %${value}`);
  return [...inputs, ...constants, ...nodes, ...outputs].join('\n');
}

/** A node's line of the printed graph; "?" for a value that the graph does not have. */
export function nodeText(graph: Graph, { kernel, inputs, attributes, outputs }: GraphNode): string {
  const call = [`${kernel}${attributeText(attributes)}`, ...inputs.map(valueText)].join(' ');
  const infos = outputs.map((value) => {
    const info = graph.values[value];
    return info === undefined ? '?' : infoText(info);
  });
  return `${outputs.map(valueText).join(', ')} = ${call} : ${infos.join(', ')}`;
}

function valueText(value: ValueId): string {
  return `%${value}`;
}
