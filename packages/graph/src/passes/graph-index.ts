import { sizeOf } from '@attune/base';
import type { Graph, GraphNode, NodeOf } from '../graph.ts';
import type { KernelName } from '../kernels/kernels.ts';
import { sameShape, type ValueId } from '../values.ts';

/** What patterns ask of a graph: where a value comes from, who reads it, whether it is a known number. */
export class GraphIndex {
  readonly graph: Graph;
  readonly #producers = new Map<ValueId, GraphNode>();
  readonly #numReaders = new Map<ValueId, number>();
  readonly #numbers = new Map<ValueId, number>();

  constructor(graph: Graph) {
    this.graph = graph;
    for (const { value, data } of graph.constants) {
      if (data.length === 1) this.#numbers.set(value, data[0]!);
    }
    for (const node of graph.nodes) {
      for (const value of node.outputs) this.#producers.set(value, node);
      for (const value of node.inputs) this.#count(value);
      if (node.kernel === 'Fill' && sizeOf(node.attributes.shape) === 1) {
        this.#numbers.set(node.outputs[0]!, node.attributes.value);
      }
    }
    for (const { value } of graph.outputs) this.#count(value);
  }

  /** The node of this kernel that computes a value, if one does. */
  producer<K extends KernelName>(value: ValueId | undefined, ...kernels: readonly K[]): NodeOf<K> | undefined {
    const node = value === undefined ? undefined : this.#producers.get(value);
    return node !== undefined && (kernels as readonly KernelName[]).includes(node.kernel)
      ? (node as unknown as NodeOf<K>)
      : undefined;
  }

  /** Reads of a value by nodes, each input counted, and by outputs. */
  numReaders(value: ValueId): number {
    return this.#numReaders.get(value) ?? 0;
  }

  /** The value of a constant with one element. */
  number(value: ValueId | undefined): number | undefined {
    return value === undefined ? undefined : this.#numbers.get(value);
  }

  shape(value: ValueId): readonly number[] {
    return this.graph.values[value]!.shape;
  }

  /** Same shape and dtype. */
  sameType(a: ValueId, b: ValueId): boolean {
    return this.graph.values[a]!.dtype === this.graph.values[b]!.dtype && sameShape(this.shape(a), this.shape(b));
  }

  /** Of two inputs of a commutative node, the one that is a known number, and the other. */
  split(inputs: readonly ValueId[]): { readonly number: number; readonly other: ValueId } | undefined {
    for (const [index, other] of [
      [1, inputs[0]!],
      [0, inputs[1]!],
    ] as const) {
      const number = this.number(inputs[index]);
      if (number !== undefined) return { number, other };
    }
    return undefined;
  }

  #count(value: ValueId): void {
    this.#numReaders.set(value, this.numReaders(value) + 1);
  }
}
