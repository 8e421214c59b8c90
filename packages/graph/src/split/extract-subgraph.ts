import type { Graph, GraphNode, GraphPort } from '../graph.ts';
import { renumber } from '../passes/eliminate.ts';
import type { ValueId } from '../values.ts';

/** Why a graph was cut; two cuts of one graph must not give the same name to different values. */
type CutKind = 'cut' | 'hoisted';

/** What a value is called where a graph was cut: as an output of the part that computes it, an input of the other. */
export function cutName(value: ValueId, kind: CutKind = 'cut'): string {
  return `${kind}:${value}`;
}

/** Some nodes of a graph, and what is wanted of them. */
interface Part {
  readonly nodes: readonly GraphNode[];
  readonly outputs: readonly GraphPort[];
}

/**
 * Some nodes of a graph, in its order, as a graph of their own. What they and the outputs read from elsewhere becomes
 * an input: one of the graph's own inputs under its name, a value of another node under `cutName`.
 */
export function extractSubgraph(graph: Graph, { nodes, outputs, kind }: Part & { readonly kind?: CutKind }): Graph {
  const produced = new Set(nodes.flatMap((node) => node.outputs));
  const read = new Set([...nodes.flatMap((node) => node.inputs), ...outputs.map(({ value }) => value)]);
  const constants = graph.constants.filter(({ value }) => read.has(value));
  const own = graph.inputs.filter(({ value }) => read.has(value));
  const known = new Set([...produced, ...constants.map(({ value }) => value), ...own.map(({ value }) => value)]);
  const cuts = [...read].filter((value) => !known.has(value)).sort((a, b) => a - b);
  const inputs = [...own, ...cuts.map((value) => ({ name: cutName(value, kind), value }))];
  return renumber({ ...graph, inputs, constants, nodes, outputs });
}
