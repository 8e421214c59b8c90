import type { Graph, GraphConstant, GraphNode } from '../graph.ts';
import { type KernelAttributes, type KernelName, kernels } from '../kernels/kernels.ts';
import type { ConstantData, ValueId, ValueInfo } from '../values.ts';
import { eliminateDeadCode } from './eliminate.ts';

/** What takes a node's place is written into the draft; true says that something was. */
type Rewrite = (node: GraphNode, draft: Draft) => boolean;

/**
 * Puts other nodes in place of some. Replacements compute the same values under the same ids, so nothing else changes;
 * what nobody reads any more is removed.
 */
export function replaceNodes(graph: Graph, rewrite: Rewrite): Graph {
  const draft = new Draft(graph);
  let changed = false;
  for (const node of graph.nodes) {
    if (rewrite(node, draft)) changed = true;
    else draft.keep(node);
  }
  return changed ? eliminateDeadCode(draft.finish()) : graph;
}

/** A graph in the course of being rewritten. */
class Draft {
  readonly #graph: Graph;
  readonly #values: ValueInfo[];
  readonly #constants: GraphConstant[];
  readonly #nodes: GraphNode[] = [];
  readonly #forwarded = new Map<ValueId, ValueId>();

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#values = [...graph.values];
    this.#constants = [...graph.constants];
  }

  keep(node: GraphNode): void {
    this.#nodes.push({ ...node, inputs: node.inputs.map((value) => this.#current(value)) } as GraphNode);
  }

  /** Lets readers of a value read another one instead, which is there before them. */
  forward(value: ValueId, to: ValueId): void {
    this.#forwarded.set(value, this.#current(to));
  }

  /** A new node with new outputs. */
  emit<K extends KernelName>(kernel: K, inputs: readonly ValueId[], attributes: KernelAttributes[K]): ValueId[] {
    const infos = inputs.map((value) => this.#values[value]!);
    const outputs = kernels[kernel].infer({ inputs: infos, attributes }).map((info) => this.#add(info));
    return this.emitAs(outputs, kernel, inputs, attributes);
  }

  /** A new node for values that exist. */
  emitAs<K extends KernelName>(
    outputs: readonly ValueId[],
    kernel: K,
    inputs: readonly ValueId[],
    attributes: KernelAttributes[K],
  ): ValueId[] {
    // The union of nodes cannot follow a kernel that is itself a type variable.
    this.keep({ kernel, inputs, attributes, outputs } as unknown as GraphNode);
    return [...outputs];
  }

  constant(info: ValueInfo, data: ConstantData): ValueId {
    const value = this.#add(info);
    this.#constants.push({ value, data });
    return value;
  }

  /** A float32 scalar. */
  number(value: number): ValueId {
    return this.constant({ shape: [], dtype: 'float32' }, Float32Array.of(value));
  }

  finish(): Graph {
    const outputs = this.#graph.outputs.map(({ name, value }) => ({ name, value: this.#current(value) }));
    return { ...this.#graph, values: this.#values, constants: this.#constants, nodes: this.#nodes, outputs };
  }

  #current(value: ValueId): ValueId {
    return this.#forwarded.get(value) ?? value;
  }

  #add(info: ValueInfo): ValueId {
    this.#values.push(info);
    return this.#values.length - 1;
  }
}
