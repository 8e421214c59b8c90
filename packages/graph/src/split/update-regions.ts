import { groupBy, sizeOf } from '@attune/base';
import type { Graph, GraphNode, GraphPort } from '../graph.ts';
import type { KernelName } from '../kernels/kernels.ts';
import type { ValueId } from '../values.ts';

/** An output that replaces the value of an input once everything has been read. */
export interface InPlacePair {
  readonly input: string;
  readonly output: string;
}

/** Element-wise nodes of one shape that belong together, in the graph's order, and the replaced tensors they end in. */
export interface UpdateRegion {
  readonly nodes: readonly GraphNode[];
  readonly outputs: readonly GraphPort[];
}

/** What an update may consist of: each is one rounding of float32, so computing it elsewhere gives the same bits. */
const updateKernels: ReadonlySet<KernelName> = new Set([
  ...(['Add', 'Sub', 'Multiply', 'RealDiv', 'AddN'] as const),
  ...(['Neg', 'Abs', 'Sqrt', 'Rsqrt', 'Square', 'Reciprocal'] as const),
]);

/** Elements of the largest tensor that is updated in place: an update's tensors share a memory of at most 4 GiB. */
const LARGEST = 2 ** 27;

/** Where a region ends: the port, and the value it replaces. */
interface End {
  readonly port: GraphPort;
  readonly replaced: ValueId;
}

/** The largest regions that only in-place pairs need. Nodes on scalars belong to every region that reads them. */
export function findUpdateRegions(graph: Graph, pairs: readonly InPlacePair[]): UpdateRegion[] {
  const ends = findEnds(graph, pairs);
  const members = growMembers(graph, new Set(ends.keys()));
  const isScalar = (value: ValueId): boolean => sizeOf(graph.values[value]!.shape) === 1;
  const groups = new DisjointSets<ValueId>();
  for (const node of members) {
    const touched = [...node.inputs, ...node.outputs].filter((value) => !isScalar(value));
    const replaced = ends.get(node.outputs[0]!)?.replaced;
    groups.join(replaced === undefined ? touched : [...touched, replaced]);
  }
  const reached = members.flatMap(({ outputs: [value] }) => (ends.has(value!) ? [value!] : []));
  return [...groupBy(reached, (value) => groups.find(value))].map(([group, own]) => ({
    nodes: members.filter(({ outputs: [value] }) => isScalar(value!) || groups.find(value!) === group),
    outputs: own.map((value) => ends.get(value)!.port),
  }));
}

function findEnds(graph: Graph, pairs: readonly InPlacePair[]): Map<ValueId, End> {
  const inputs = new Map(graph.inputs.map(({ name, value }) => [name, value]));
  const replacedBy = new Map(pairs.map(({ input, output }) => [output, inputs.get(input)]));
  const ends = new Map<ValueId, End>();
  for (const [value, ports] of groupBy(graph.outputs, (port) => port.value)) {
    const [port] = ports;
    const replaced = replacedBy.get(port!.name);
    if (ports.length === 1 && replaced !== undefined && sizeOf(graph.values[value]!.shape) > 1) {
      ends.set(value, { port: port!, replaced });
    }
  }
  return ends;
}

/** Backwards from the ends: a node joins when everything that reads it has joined. */
function growMembers(graph: Graph, ends: ReadonlySet<ValueId>): GraphNode[] {
  const readers = new Map<ValueId, GraphNode[]>();
  for (const node of graph.nodes) {
    for (const value of node.inputs) readers.set(value, [...(readers.get(value) ?? []), node]);
  }
  const outputs = new Set(graph.outputs.map(({ value }) => value));
  const members = new Set<GraphNode>();
  for (const node of graph.nodes.toReversed()) {
    const [value] = node.outputs;
    const joined = (readers.get(value!) ?? []).every((reader) => members.has(reader));
    const isOutput = outputs.has(value!);
    if (joined && (!isOutput || ends.has(value!)) && isUpdateNode(graph, node)) members.add(node);
  }
  return graph.nodes.filter((node) => members.has(node));
}

/** Float32 arithmetic on tensors of one shape and scalars; a constant is one number. */
function isUpdateNode({ values, constants }: Graph, { kernel, inputs, outputs }: GraphNode): boolean {
  const { shape, dtype } = values[outputs[0]!]!;
  if (sizeOf(shape) > LARGEST) return false;
  if (constants.some(({ value, data }) => data.length > 1 && inputs.includes(value))) return false;
  const fits = (value: ValueId): boolean => {
    const given = values[value]!;
    return given.dtype === 'float32' && (sizeOf(given.shape) === 1 || given.shape.join() === shape.join());
  };
  return updateKernels.has(kernel) && dtype === 'float32' && inputs.every(fits);
}

/** Union-find over whatever is joined; what never was joined is a set of its own. */
class DisjointSets<T> {
  readonly #parents = new Map<T, T>();

  find(element: T): T {
    let root = element;
    while (this.#parents.has(root)) root = this.#parents.get(root)!;
    return root;
  }

  join(elements: readonly T[]): void {
    for (const element of elements) {
      const [a, b] = [this.find(elements[0]!), this.find(element)];
      if (a !== b) this.#parents.set(b, a);
    }
  }
}
