import type { Graph, GraphNode } from '../graph.ts';
import type { ValueId } from '../values.ts';
import { isElementwise, isView, valueBytes } from './node-costs.ts';
import { constantValues, portKind } from './phases.ts';

/** Memory that one or more values share: views of each other, or written over each other. */
interface Buffer {
  readonly bytes: number;
  /** Readings that are still to come. */
  readers: number;
}

/**
 * The most bytes that intermediate values take at once, nodes run in ONNX Runtime's order: a value is freed after its
 * last reader, a reshape shares its input's memory, and an element-wise result of the same shape takes the place of
 * an input that nobody reads after it. Inputs, constants (which the runtime computes when it loads the graph), the
 * states' new values and the gradients that updates read have memory of their own and are not counted.
 */
export function peakLiveBytes(graph: Graph): number {
  const memory = new LiveMemory(graph);
  for (const index of executionOrder(graph)) memory.run(graph.nodes[index]!);
  return memory.peak;
}

class LiveMemory {
  peak = 0;
  readonly #graph: Graph;
  readonly #readers: ReadonlyMap<ValueId, number>;
  readonly #buffers = new Map<ValueId, Buffer>();
  readonly #elsewhere: ReadonlySet<ValueId>;
  #live = 0;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#readers = countReaders(graph);
    const given = graph.outputs.filter((port) => ['next', 'cut'].includes(portKind(port)));
    this.#elsewhere = new Set([...constantValues(graph), ...given.map(({ value }) => value)]);
  }

  run(node: GraphNode): void {
    for (const value of node.outputs) this.#place(node, value);
    this.peak = Math.max(this.peak, this.#live);
    for (const value of node.inputs) this.#release(value);
    // What nobody reads, and what the update wrote elsewhere, goes at once.
    for (const value of node.outputs) if (this.#buffers.get(value)?.readers === 0) this.#free(value);
  }

  #place(node: GraphNode, value: ValueId): void {
    if (this.#elsewhere.has(value)) return;
    const readers = this.#readers.get(value) ?? 0;
    const shared = this.#reusable(node, value);
    if (shared !== undefined) {
      shared.readers += readers;
      this.#buffers.set(value, shared);
    } else if (!isView(node) || this.#buffers.has(node.inputs[0]!)) {
      // A view of an input or a constant has no memory either.
      const bytes = valueBytes(this.#graph.values[value]!);
      this.#buffers.set(value, { bytes, readers });
      this.#live += bytes;
    }
  }

  #reusable(node: GraphNode, value: ValueId): Buffer | undefined {
    if (isView(node)) return this.#buffers.get(node.inputs[0]!);
    if (!isElementwise(node)) return undefined;
    const { shape, dtype } = this.#graph.values[value]!;
    const candidates = node.inputs.filter((input) => {
      const info = this.#graph.values[input]!;
      return info.dtype === dtype && info.shape.join() === shape.join() && this.#buffers.get(input)?.readers === 1;
    });
    return candidates[0] === undefined ? undefined : this.#buffers.get(candidates[0]);
  }

  #release(value: ValueId): void {
    const buffer = this.#buffers.get(value);
    if (buffer === undefined) return;
    buffer.readers -= 1;
    if (buffer.readers === 0) this.#free(value);
  }

  #free(value: ValueId): void {
    this.#live -= this.#buffers.get(value)!.bytes;
    this.#buffers.delete(value);
  }
}

/** How often each value is read, by nodes and by the host. */
function countReaders(graph: Graph): ReadonlyMap<ValueId, number> {
  const readers = new Map<ValueId, number>();
  const read = [...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ value }) => value)];
  for (const value of read) readers.set(value, (readers.get(value) ?? 0) + 1);
  return readers;
}

/**
 * The order in which ONNX Runtime runs a graph's nodes: depth first from the nodes that no other node reads, the last
 * of them first, and from a node to the last of those it reads first. A parameter's update therefore follows its
 * gradient at once, and few gradients are alive together. `GraphViewer` in onnxruntime/core/graph/graph_viewer.cc.
 *
 * @returns indices into `graph.nodes`
 */
function executionOrder(graph: Graph): number[] {
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
