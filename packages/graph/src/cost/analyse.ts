import type { Graph, GraphPort } from '../graph.ts';
import type { KernelName } from '../kernels/kernels.ts';
import type { ValueId } from '../values.ts';
import { nodeBytes, nodeFlops, total, valueBytes } from './node-costs.ts';
import { peakLiveBytes } from './peak-live-bytes.ts';
import { constantValues, type Phase, portBytes, portsOf, splitPhases } from './phases.ts';

/** What some nodes cost together. */
interface Work {
  readonly nodes: number;
  /** Floating-point operations, as `countFlops` counts them. */
  readonly flops: number;
  /** Bytes read and written when nothing stays in a cache between nodes; reshapes move none. */
  readonly bytes: number;
}

/** One node's own work; `node` is its place in `graph.nodes`. */
export interface NodeWork extends Omit<Work, 'nodes'> {
  readonly kernel: KernelName;
  readonly phase: Phase;
}

/** Bytes of a step's memory, by what they hold. */
export interface StepMemory {
  /** States that the outputs depend on: trainable parameters. */
  readonly parameterBytes: number;
  /** The other states: what the optimiser remembers. */
  readonly optimizerBytes: number;
  readonly frozenBytes: number;
  /** Batch and noise, and whatever else enters. */
  readonly inputBytes: number;
  /** Constants, fills, and what is computed from these alone. */
  readonly constantBytes: number;
  /** New values of states, which are written beside the old ones. */
  readonly nextBytes: number;
  /** See `peakLiveBytes`. */
  readonly peakLiveBytes: number;
}

/** What one run of a graph costs. */
export interface GraphCosts {
  readonly total: Work;
  readonly phases: Readonly<Record<Phase, Work>>;
  /** By kernel, in the order of first use. */
  readonly kernels: ReadonlyMap<KernelName, Work>;
  /** In the graph's order. */
  readonly nodes: readonly NodeWork[];
  readonly memory: StepMemory;
}

/** What one run of a graph costs, from the graph alone. */
export function analyse(graph: Graph): GraphCosts {
  const split = splitPhases(graph);
  const nodes = graph.nodes.map((node, index): NodeWork => {
    const { kernel } = node;
    return { kernel, phase: split.nodes[index]!, flops: nodeFlops(graph, node), bytes: nodeBytes(graph, node) };
  });
  const inPhase = (phase: Phase): Work => sum(nodes.filter((node) => node.phase === phase));
  return {
    total: sum(nodes),
    phases: { forward: inPhase('forward'), backward: inPhase('backward'), update: inPhase('update') },
    kernels: byKernel(nodes),
    nodes,
    memory: memoryOf(graph, split.forwardValues),
  };
}

function byKernel(nodes: readonly NodeWork[]): ReadonlyMap<KernelName, Work> {
  const groups = new Map<KernelName, NodeWork[]>();
  for (const node of nodes) groups.set(node.kernel, [...(groups.get(node.kernel) ?? []), node]);
  return new Map([...groups].map(([kernel, group]) => [kernel, sum(group)]));
}

/** Of several nodes. */
function sum(nodes: readonly NodeWork[]): Work {
  return nodes.reduce<Work>(
    (work, { flops, bytes }) => ({
      nodes: work.nodes + 1,
      flops: work.flops + flops,
      bytes: work.bytes + bytes,
    }),
    { nodes: 0, flops: 0, bytes: 0 },
  );
}

function memoryOf(graph: Graph, forwardValues: ReadonlySet<ValueId>): StepMemory {
  const bytesOf = (ports: Graph['inputs']): number => portBytes(graph, ports);
  const constants = [...constantValues(graph)].map((value) => valueBytes(graph.values[value]!));
  const states = portsOf(graph.inputs, 'state');
  const isParameter = ({ value }: GraphPort): boolean => forwardValues.has(value);
  const frozen = portsOf(graph.inputs, 'frozen');
  return {
    parameterBytes: bytesOf(states.filter(isParameter)),
    optimizerBytes: bytesOf(states.filter((port) => !isParameter(port))),
    frozenBytes: bytesOf(frozen),
    inputBytes: bytesOf(graph.inputs) - bytesOf(states) - bytesOf(frozen),
    constantBytes: total(constants),
    nextBytes: bytesOf(portsOf(graph.outputs, 'next')),
    peakLiveBytes: peakLiveBytes(graph),
  };
}
