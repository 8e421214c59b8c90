import type { Graph, GraphNode, ValueId } from '../graph.ts';

/**
 * The order in which ONNX Runtime runs a graph's nodes: depth first from the nodes that no other node reads, the last
 * of them first, and from a node to the last of those it reads first. A parameter's update therefore follows its
 * gradient at once, and few gradients are alive together. `GraphViewer` in onnxruntime/core/graph/graph_viewer.cc.
 *
 * @returns indices into `graph.nodes`
 */
export function executionOrder(graph: Graph): number[] {
  const producer = new Map<ValueId, number>();
  for (const [index, { outputs }] of graph.nodes.entries()) for (const value of outputs) producer.set(value, index);
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  const stack = graph.nodes.flatMap(({ outputs }, index) =>
    outputs.some((value) => read.has(value)) ? [] : [{ index, isDone: false }],
  );
  const visited = new Set<number>();
  const order: number[] = [];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top.isDone) order.push(top.index);
    if (top.isDone || visited.has(top.index)) continue;
    visited.add(top.index);
    stack.push({ index: top.index, isDone: true });
    for (const index of producersOf(graph.nodes[top.index]!, producer)) stack.push({ index, isDone: false });
  }
  return order;
}

function producersOf({ inputs }: GraphNode, producer: ReadonlyMap<ValueId, number>): number[] {
  const indices = inputs.flatMap((value) => producer.get(value) ?? []);
  return [...new Set(indices)].sort((a, b) => a - b);
}
