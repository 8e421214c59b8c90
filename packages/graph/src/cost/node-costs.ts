import type { Graph, GraphNode, ValueId, ValueInfo } from '../graph.ts';
import { sizeOf } from '../graph.ts';
import type { KernelName } from '../kernels.ts';
import type { KernelRule } from '../rules/kernel-rule.ts';
import { kernelRules } from '../rules/kernel-rules.ts';

/** Kernels whose result is the first input's memory under another shape: nothing is read or written. */
const views: ReadonlySet<KernelName> = new Set<KernelName>(['Reshape']);

/** Kernels that read no more of their first input than they write. */
const partialReaders: ReadonlySet<KernelName> = new Set<KernelName>(['GatherV2', 'GatherNd', 'Slice', 'StridedSlice']);

export function isView({ kernel }: GraphNode): boolean {
  return views.has(kernel);
}

/** Whether each element of the output is a function of the inputs' elements at its own place. */
export function isElementwise({ kernel }: GraphNode): boolean {
  return kernelRules[kernel].elementwise === true;
}

/** Floating-point operations of one node, by its kernel's rule. */
export function nodeFlops(graph: Graph, { kernel, inputs, attributes, outputs }: GraphNode): number {
  const infos = (values: readonly ValueId[]): ValueInfo[] => values.map((value) => graph.values[value]!);
  // The table pairs each kernel with its own attributes; a union of rules loses that pairing.
  const rule = kernelRules[kernel] as unknown as KernelRule<KernelName>;
  return rule.flops({ inputs: infos(inputs), attributes }, infos(outputs));
}

/** Bytes that one node reads and writes when nothing is in a cache: each input once, each output once. */
export function nodeBytes(graph: Graph, node: GraphNode): number {
  if (isView(node)) return 0;
  const size = (value: ValueId): number => valueBytes(graph.values[value]!);
  const written = total(node.outputs.map(size));
  const [first = 0, ...others] = node.inputs.map(size);
  return (partialReaders.has(node.kernel) ? Math.min(first, written) : first) + total(others) + written;
}

/** Size of a value in memory: 4 bytes an element, 1 for a bool. */
export function valueBytes({ shape, dtype }: ValueInfo): number {
  return sizeOf(shape) * (dtype === 'bool' ? 1 : 4);
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
