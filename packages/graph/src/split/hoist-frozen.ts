import { sizeOf } from '@attune/base';
import { isView, nodeFlops, total } from '../cost/node-costs.ts';
import type { Graph, GraphNode, GraphPort } from '../graph.ts';
import type { Dependence } from '../kernels/kernel.ts';
import { kernelOf } from '../kernels/kernels.ts';
import { eliminateDeadCode } from '../passes/eliminate.ts';
import type { ValueId } from '../values.ts';
import { cutName, extractSubgraph } from './extract-subgraph.ts';

/** What of a graph never changes, and what belongs to one example. */
interface HoistCall {
  readonly numExamples: number;
  /** Inputs that never change. */
  readonly frozen: ReadonlySet<string>;
  /** Inputs with `numExamples` equal blocks along their first axis, one for each example. */
  readonly perExample: ReadonlySet<string>;
}

/** A graph in two: what can be computed once for each example, and the rest. */
export interface HoistedGraph {
  /**
   * Reads frozen and per-example inputs alone. Outputs, `hoisted:0` and on: the values the rest reads, each in blocks by
   * example.
   */
  readonly once: Graph;
  /** The graph's other work, with the outputs of `once` as further inputs. */
  readonly rest: Graph;
}

/** Operations for each element that make it cheaper to read a value than to compute it again. */
const WORTH_KEEPING = 8;

/**
 * Splits off what depends on frozen parameters and single examples only, so that it need not be computed again when
 * an example comes back. By data flow: frozen embeddings and bottom layers, everything below a trained head, the
 * first layer's projections under adapters. Values that take less work than it takes to read them stay in the rest.
 * Without dropout in the frozen part (it would be noise, which is neither frozen nor an example's) the split is exact.
 *
 * @returns undefined when nothing is worth keeping
 */
export function hoistFrozen(graph: Graph, call: HoistCall): HoistedGraph | undefined {
  const kept = keptValues(graph, classify(graph, call));
  if (kept.size === 0) return undefined;
  const outputs = [...kept].sort((a, b) => a - b).map((value) => ({ name: cutName(value, 'hoisted'), value }));
  const once = eliminateDeadCode(extractSubgraph(graph, { nodes: graph.nodes, outputs }));
  const nodes = graph.nodes.filter((node) => !node.outputs.every((value) => kept.has(value)));
  const rest = eliminateDeadCode(extractSubgraph(graph, { nodes, outputs: graph.outputs, kind: 'hoisted' }));
  // By place, not by the graph's numbering: training and evaluation over one frozen part then have the same `once`.
  const names = new Map(outputs.map(({ name }, index) => [name, `hoisted:${index}`]));
  const renamed = (ports: readonly GraphPort[]) =>
    ports.map((port) => ({ ...port, name: names.get(port.name) ?? port.name }));
  return { once: { ...once, outputs: renamed(once.outputs) }, rest: { ...rest, inputs: renamed(rest.inputs) } };
}

function classify(graph: Graph, { numExamples, frozen, perExample }: HoistCall): Map<ValueId, Dependence> {
  const dependences = new Map<ValueId, Dependence>(graph.constants.map(({ value }) => [value, 'fixed']));
  for (const { name, value } of graph.inputs) {
    dependences.set(value, frozen.has(name) ? 'fixed' : perExample.has(name) ? 'example' : 'other');
  }
  for (const node of graph.nodes) {
    const given = node.inputs.map((value) => dependences.get(value)!);
    const dependence = dependenceOf(graph, node, { dependences: given, numExamples });
    for (const value of node.outputs) dependences.set(value, dependence);
  }
  return dependences;
}

function dependenceOf(
  { values }: Graph,
  node: GraphNode,
  given: { readonly dependences: readonly Dependence[]; readonly numExamples: number },
): Dependence {
  if (given.dependences.includes('other')) return 'other';
  if (!given.dependences.includes('example')) return 'fixed';
  const inputs = node.inputs.map((value) => values[value]!);
  const { shape } = values[node.outputs[0]!]!;
  const isSeparable = kernelOf(node).separable({ ...given, inputs, shape, attributes: node.attributes });
  return isSeparable ? 'example' : 'other';
}

/** The separable values that the rest reads and that are worth keeping. */
function keptValues(graph: Graph, dependences: ReadonlyMap<ValueId, Dependence>): Set<ValueId> {
  const isExample = (value: ValueId): boolean => dependences.get(value) === 'example';
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((value) => [value, node] as const)));
  const kept = new Set<ValueId>();
  const keep = (value: ValueId): void => {
    const node = producers.get(value);
    if (node === undefined || !isExample(value) || !isWorthKeeping(graph, value, { producers, isExample })) return;
    // A view costs nothing, and what it reads may be read in its own shape too.
    if (isView(node)) keep(node.inputs[0]!);
    else kept.add(value);
  };
  for (const { inputs, outputs } of graph.nodes) if (!isExample(outputs[0]!)) inputs.forEach(keep);
  for (const { value } of graph.outputs) keep(value);
  return kept;
}

/** Whether computing a value from the batch takes more work than reading it. */
function isWorthKeeping(
  graph: Graph,
  value: ValueId,
  {
    producers,
    isExample,
  }: { readonly producers: ReadonlyMap<ValueId, GraphNode>; readonly isExample: (value: ValueId) => boolean },
): boolean {
  const cone = new Set<GraphNode>();
  const pending = [value];
  while (pending.length > 0) {
    const node = producers.get(pending.pop()!);
    if (node === undefined || cone.has(node)) continue;
    cone.add(node);
    pending.push(...node.inputs.filter(isExample));
  }
  const work = total([...cone].map((node) => nodeFlops(graph, node)));
  return work >= WORTH_KEEPING * sizeOf(graph.values[value]!.shape);
}
