import { sizeOf } from '@attune/base';
import type { Graph, GraphNode } from '../graph.ts';
import { kernelOf } from '../kernels/kernels.ts';
import type { ValueId, ValueInfo } from '../values.ts';

/** Whether the result is the input's memory under another shape. */
export function isView(node: GraphNode): boolean {
  return kernelOf(node).view === true;
}

/** Whether each element of the output is a function of the inputs' elements at its own place. */
export function isElementwise(node: GraphNode): boolean {
  return kernelOf(node).elementwise === true;
}

/** Floating-point operations of one node, by its kernel's rule. */
export function nodeFlops(graph: Graph, { kernel, inputs, attributes, outputs }: GraphNode): number {
  const infos = (values: readonly ValueId[]): ValueInfo[] => values.map((value) => graph.values[value]!);
  return kernelOf({ kernel }).flops({ inputs: infos(inputs), attributes }, infos(outputs));
}

/** Bytes that one node reads and writes when nothing is in a cache: each input once, each output once. */
export function nodeBytes(graph: Graph, node: GraphNode): number {
  if (isView(node)) return 0;
  const size = (value: ValueId): number => valueBytes(graph.values[value]!);
  const written = total(node.outputs.map(size));
  const [first = 0, ...others] = node.inputs.map(size);
  return (kernelOf(node).readsPart ? Math.min(first, written) : first) + total(others) + written;
}

/** Size of a value in memory: 4 bytes an element, 1 for a bool. */
export function valueBytes({ shape, dtype }: ValueInfo): number {
  return sizeOf(shape) * (dtype === 'bool' ? 1 : 4);
}

/** The sum of sizes. */
export function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Floating-point operations of one run, from the record of each kernel: a multiply-add is two, any other
 * arithmetic on an element one (compound kernels a few, see the records), moving data none.
 */
export function countFlops(graph: Graph): number {
  return total(graph.nodes.map((node) => nodeFlops(graph, node)));
}
