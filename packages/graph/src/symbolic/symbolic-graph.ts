import type { DType } from '../dtype.ts';
import type { Graph, GraphConstant, GraphPort, ValueId } from '../graph.ts';
import type { KernelAttributes, KernelName } from '../kernels.ts';
import { printGraph } from '../print-graph.ts';
import type { Size, Symbolic } from './symbolic-size.ts';

export interface SymbolicValueInfo {
  readonly shape: readonly Size[];
  readonly dtype: DType;
}

export interface SymbolicNodeOf<K extends KernelName> {
  readonly kernel: K;
  readonly inputs: readonly ValueId[];
  readonly attributes: Symbolic<KernelAttributes[K]>;
  readonly outputs: readonly ValueId[];
}

export type SymbolicNode = { [K in KernelName]: SymbolicNodeOf<K> }[KernelName];

/** A graph for every size at once: see `Graph`, with sizes that may follow from symbols. */
export interface SymbolicGraph {
  readonly symbols: readonly string[];
  readonly values: readonly SymbolicValueInfo[];
  readonly inputs: readonly GraphPort[];
  readonly constants: readonly GraphConstant[];
  readonly nodes: readonly SymbolicNode[];
  readonly outputs: readonly GraphPort[];
}

/** As `printGraph`; sizes that are not fixed print as their expression. */
export function printSymbolicGraph(graph: SymbolicGraph): string {
  // Printing asks of a size only that it prints.
  return printGraph(graph as unknown as Graph);
}
