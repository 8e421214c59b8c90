import { sizeOf } from '@attune/base';
import type { Graph, GraphNode, GraphPort } from '../graph.ts';
import type { ValueId } from '../values.ts';
import { isElementwise, total, valueBytes } from './node-costs.ts';

/** Parts of a training step. */
export type Phase = 'forward' | 'backward' | 'update';

/** All of them, in the order of a step. */
export const phases = ['forward', 'backward', 'update'] as const satisfies readonly Phase[];

interface PhasedGraph {
  /** The phase of each node, in the graph's order. */
  readonly nodes: readonly Phase[];
  /** Everything that some output which is no state's new value depends on. */
  readonly forwardValues: ReadonlySet<ValueId>;
}

/**
 * Splits a step by what depends on what; no name of a kernel or a parameter is looked at.
 *
 * - forward: what an output for the host, such as the loss, depends on.
 * - update: of the rest, what writes a state's new value or depends on the optimiser's state, that is on a state the
 *   loss does not depend on; and the element-wise arithmetic that leads from a gradient to nowhere else (its square,
 *   its clipping).
 * - backward: what then remains: the gradients, sums of gradients of one parameter, and the norm of all of them.
 */
export function splitPhases(graph: Graph): PhasedGraph {
  const forwardValues = valuesBehindOutputs(graph);
  const isForward = ({ outputs }: GraphNode): boolean => outputs.some((value) => forwardValues.has(value));
  const update = updateValues(graph, { forwardValues, isForward });
  const nodes = graph.nodes.map((node): Phase => {
    if (isForward(node)) return 'forward';
    return node.outputs.some((value) => update.has(value)) ? 'update' : 'backward';
  });
  return { nodes, forwardValues };
}

function valuesBehindOutputs(graph: Graph): ReadonlySet<ValueId> {
  const behind = new Set(graph.outputs.filter((port) => portKind(port) !== 'next').map(({ value }) => value));
  for (const { inputs, outputs } of graph.nodes.toReversed()) {
    if (outputs.some((value) => behind.has(value))) for (const value of inputs) behind.add(value);
  }
  return behind;
}

interface Forward {
  readonly forwardValues: ReadonlySet<ValueId>;
  readonly isForward: (node: GraphNode) => boolean;
}

function updateValues(graph: Graph, { forwardValues, isForward }: Forward): ReadonlySet<ValueId> {
  const nextValues = new Set(graph.outputs.filter((port) => portKind(port) === 'next').map(({ value }) => value));
  const optimizer = graph.inputs.filter((port) => portKind(port) === 'state' && !forwardValues.has(port.value));
  const update = new Set(optimizer.map(({ value }) => value));
  const rest = graph.nodes.filter((node) => !isForward(node));
  for (const { inputs, outputs } of rest) {
    const isUpdate = inputs.some((value) => update.has(value)) || outputs.some((value) => nextValues.has(value));
    if (isUpdate) addAll(update, outputs);
  }
  absorbFeeders(graph, rest, update);
  return update;
}

/**
 * Adds element-wise nodes that only the update reads. One with two operands of its own size from outside the update
 * is still a gradient's arithmetic (a sum of two contributions, a chain rule's product) and ends the chain.
 */
function absorbFeeders(graph: Graph, rest: readonly GraphNode[], update: Set<ValueId>): void {
  const size = (value: ValueId): number => sizeOf(graph.values[value]!.shape);
  const readOutside = new Set(graph.outputs.map(({ value }) => value));
  const given = new Set([...graph.inputs, ...graph.constants].map(({ value }) => value));
  for (const node of rest.toReversed()) {
    const { inputs, outputs } = node;
    const own = inputs.filter((value) => !given.has(value) && !update.has(value) && size(value) >= size(outputs[0]!));
    const leadsToUpdate = outputs.every((value) => !readOutside.has(value));
    if (isElementwise(node) && leadsToUpdate && new Set(own).size < 2) addAll(update, outputs);
    if (!outputs.some((value) => update.has(value))) addAll(readOutside, inputs);
  }
}

function addAll(set: Set<ValueId>, values: readonly ValueId[]): void {
  for (const value of values) set.add(value);
}

/**
 * What a named end of a step's graph is for, from the part of its name before the first colon. Inputs are "state",
 * "frozen", "batch" or "noise"; outputs are "next", a state's new value, or "output", for the host. A graph that
 * names its ends otherwise is a plain function: all of it counts as forward.
 */
export function portKind({ name }: GraphPort): string {
  return name.slice(0, Math.max(0, name.indexOf(':')));
}

/** Those of one kind. */
export function portsOf(ports: Graph['inputs'], kind: string): GraphPort[] {
  return ports.filter((port) => portKind(port) === kind);
}

/** Bytes of what enters or leaves by these. */
export function portBytes({ values }: Graph, ports: Graph['inputs']): number {
  return total(ports.map(({ value }) => valueBytes(values[value]!)));
}

/** Everything that no input has a say in: constants, fills, and what is computed from these alone. */
export function constantValues(graph: Graph): ReadonlySet<ValueId> {
  const constant = new Set(graph.constants.map(({ value }) => value));
  for (const { inputs, outputs } of graph.nodes) {
    if (inputs.every((value) => constant.has(value))) for (const value of outputs) constant.add(value);
  }
  return constant;
}
