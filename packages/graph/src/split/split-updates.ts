import type { Graph, GraphNode, GraphPort } from '../graph.ts';
import { eliminateDeadCode } from '../passes/eliminate.ts';
import { cutName, extractSubgraph } from './extract-subgraph.ts';
import { findUpdateRegions, type InPlacePair, type UpdateRegion } from './update-regions.ts';

/** A gradient given as rows and the place of each: the dense value is their sum by place. */
export interface SparseInput {
  /** The update's input that stands for the dense value. */
  readonly input: string;
  /** Outputs of the compute graph: float32 [n, width] in any shape, and int32 [n]. */
  readonly rows: string;
  readonly places: string;
}

/** Element-wise arithmetic that replaces some tensors of one shape in place. */
export interface Update {
  /** Inputs: some of the whole graph's, and outputs of the compute graph. Outputs: those of in-place pairs. */
  readonly graph: Graph;
  readonly sparse: readonly SparseInput[];
}

interface SplitStep {
  readonly compute: Graph;
  readonly updates: readonly Update[];
}

/**
 * Splits a step into what computes gradients and what an optimiser does with them. An update is a set of element-wise
 * nodes of one shape that nothing else needs and that end in in-place pairs. Run as one loop over memory it reads and
 * writes each tensor once, where ONNX Runtime makes a pass for each node (about 14 for AdamW) and needs a second copy
 * of the state to write to. The gradient of an embedding is handed over as the rows that it is made of.
 *
 * Without it a full step takes 1.4 times as long at 2×128 and at 6×384 (reports/benchmarks/passes.md).
 */
export function splitUpdates(graph: Graph, pairs: readonly InPlacePair[]): SplitStep {
  const regions = findUpdateRegions(graph, pairs);
  const members = new Set(regions.flatMap(({ nodes }) => nodes));
  const nodes = graph.nodes.filter((node) => !members.has(node));
  const moved = new Set(regions.flatMap(({ outputs }) => outputs));
  const kept = graph.outputs.filter((port) => !moved.has(port));
  const own = new Set(graph.inputs.map(({ name }) => name));
  const segmentSums = privateSegmentSums(graph, members);
  const updates: Update[] = [];
  const cuts = new Map<string, GraphPort>();
  for (const region of regions) {
    const { update, cuts: read } = makeUpdate(graph, region, { own, segmentSums });
    updates.push(update);
    for (const port of read) cuts.set(port.name, port);
  }
  const compute = extractSubgraph(graph, { nodes, outputs: [...kept, ...cuts.values()] });
  return { compute: eliminateDeadCode(compute), updates };
}

function makeUpdate(
  graph: Graph,
  region: UpdateRegion,
  { own, segmentSums }: { readonly own: ReadonlySet<string>; readonly segmentSums: ReadonlyMap<string, GraphNode> },
): { readonly update: Update; readonly cuts: readonly GraphPort[] } {
  const update = eliminateDeadCode(extractSubgraph(graph, region));
  const values = new Map(region.nodes.flatMap(({ inputs }) => inputs).map((value) => [cutName(value), value]));
  const sparse: SparseInput[] = [];
  const cuts: GraphPort[] = [];
  for (const { name } of update.inputs.filter((input) => !own.has(input.name))) {
    const sum = segmentSums.get(name);
    if (sum === undefined) {
      cuts.push({ name, value: values.get(name)! });
    } else {
      const names = { input: name, rows: `${name}:rows`, places: `${name}:places` };
      sparse.push(names);
      cuts.push({ name: names.rows, value: sum.inputs[0]! }, { name: names.places, value: sum.inputs[1]! });
    }
  }
  return { update: { graph: update, sparse }, cuts };
}

/** Sums by segment that only updates read, by the name of their cut. */
function privateSegmentSums(graph: Graph, members: ReadonlySet<GraphNode>): Map<string, GraphNode> {
  const others = graph.nodes.filter((node) => !members.has(node));
  const read = new Set([...others.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ value }) => value)]);
  const sums = graph.nodes.filter(
    ({ kernel, outputs: [value] }) =>
      kernel === 'UnsortedSegmentSum' && graph.values[value!]!.dtype === 'float32' && !read.has(value!),
  );
  return new Map(sums.map((node) => [cutName(node.outputs[0]!), node]));
}
