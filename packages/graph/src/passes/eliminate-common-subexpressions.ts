import type { Graph, GraphNode, ValueId } from '../graph.ts';
import { attributeText, constantText } from '../text.ts';
import { renumber } from './rebuild.ts';

/**
 * Merges constants with the same content and nodes with the same kernel, attributes and inputs. Worth 1 % of a full
 * step at 6×384 (reports/benchmarks/passes.md).
 */
export function eliminateCommonSubexpressions(graph: Graph): Graph {
  const replacement = new Map<ValueId, ValueId>();
  const current = (value: ValueId): ValueId => replacement.get(value) ?? value;
  const seen = new Map<string, readonly ValueId[]>();

  /** True when this text appeared before; its values then stand for these. */
  const isRepeated = (text: string, values: readonly ValueId[]): boolean => {
    const first = seen.get(text);
    if (first === undefined) {
      seen.set(text, values);
      return false;
    }
    for (const [index, value] of values.entries()) {
      replacement.set(value, first[index]!);
    }
    return true;
  };

  const constants = graph.constants.filter(
    ({ value, data }) => !isRepeated(`constant ${constantText(graph.values[value]!, data)}`, [value]),
  );
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(current);
    if (!isRepeated(`${node.kernel} ${attributeText(node.attributes)} ${inputs.join(' ')}`, node.outputs)) {
      nodes.push({ ...node, inputs } as GraphNode);
    }
  }
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: current(value) }));
  return renumber({ ...graph, constants, nodes, outputs });
}
