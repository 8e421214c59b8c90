import type { Graph, ValueId } from './graph.ts';
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
  const info = (value: ValueId): string => infoText(graph.values[value]!);
  const inputs = graph.inputs.map(({ name, value }) => `%${value} = input "${name}" ${info(value)}`);
  const constants = graph.constants.map(
    ({ value, data }) => `%${value} = constant ${constantText(graph.values[value]!, data)}`,
  );
  const nodes = graph.nodes.map(({ kernel, inputs: read, attributes, outputs }) => {
    const call = [`${kernel}${attributeText(attributes)}`, ...read.map((value) => `%${value}`)].join(' ');
    return `${outputs.map((value) => `%${value}`).join(', ')} = ${call} : ${outputs.map(info).join(', ')}`;
  });
  const outputs = graph.outputs.map(({ name, value }) => `output "${name}" = %${value}`);
  return [...inputs, ...constants, ...nodes, ...outputs].join('\n');
}
