import type { Graph, GraphConstant, GraphPort } from '../graph.ts';
import type { KernelAttributes, KernelName } from '../kernels/kernels.ts';
import { printGraph } from '../print-graph.ts';
import type { DType, ValueId } from '../values.ts';

/** What is known of a value at every size. */
export interface SymbolicValueInfo {
  readonly shape: readonly Size[];
  readonly dtype: DType;
}

interface SymbolicNodeOf<K extends KernelName> {
  readonly kernel: K;
  readonly inputs: readonly ValueId[];
  readonly attributes: Symbolic<KernelAttributes[K]>;
  readonly outputs: readonly ValueId[];
}

/** A call of any kernel, at every size. */
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

/** A size that follows from named ones: constant + coefficient · product of the symbols. */
export class SymbolicSize {
  readonly constant: number;
  readonly coefficient: number;
  /** At least one, each once. */
  readonly symbols: readonly string[];

  constructor(constant: number, coefficient: number, symbols: readonly string[]) {
    this.constant = constant;
    this.coefficient = coefficient;
    this.symbols = symbols;
  }

  /** "batch", "4·batch·length + 1"; equal sizes print alike. */
  toString(): string {
    const factors = [...(this.coefficient === 1 ? [] : [this.coefficient]), ...this.symbols];
    return factors.join('·') + (this.constant === 0 ? '' : ` + ${this.constant}`);
  }
}

/** A number that is the same at every size, or one that is not. */
export type Size = number | SymbolicSize;

/** Whether a size is the same at every size of the symbols. */
export function isFixed(size: Size): size is number {
  return typeof size === 'number';
}

/** Whether every number in a shape or in a node's attributes is the same at every size. */
export function isAllFixed(value: unknown): boolean {
  if (value instanceof SymbolicSize) return false;
  return typeof value !== 'object' || value === null || Object.values(value).every(isAllFixed);
}

/** A type with a Size wherever it has a number. */
export type Symbolic<T> = T extends number ? Size : T extends object ? { readonly [P in keyof T]: Symbolic<T[P]> } : T;
