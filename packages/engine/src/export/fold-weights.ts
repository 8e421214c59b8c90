import type { HostTensor, HostTensors } from '@attune/base';
import {
  eliminateDeadCode,
  type Graph,
  isAllFixed,
  type SymbolicGraph,
  type SymbolicNode,
  type ValueId,
} from '@attune/graph';
import type * as ort from 'onnxruntime-node';
import { lowerToOnnx } from '../onnx/lower.ts';

interface Folded {
  readonly graph: SymbolicGraph;
  /** Weights that are still read, and what was computed from the others. */
  readonly weights: HostTensors;
}

/**
 * Computes, once, what depends on weights and constants alone, and leaves it in their place: the output vectors of
 * P-tuning's prompt encoder, for example, whose own weights then go. By data flow; it knows no method.
 */
export async function foldWeights(graph: SymbolicGraph, weights: HostTensors): Promise<Folded> {
  const known = new Set<ValueId>([
    ...graph.inputs.filter(({ name }) => weights.has(name)).map(({ value }) => value),
    ...graph.constants.map(({ value }) => value),
  ]);
  const [computed, left]: [SymbolicNode[], SymbolicNode[]] = [[], []];
  for (const node of graph.nodes) {
    const isKnown = node.inputs.every((value) => known.has(value)) && isAllFixed(node.attributes);
    (isKnown ? computed : left).push(node);
    if (isKnown) for (const value of node.outputs) known.add(value);
  }
  const read = new Set([...left.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ value }) => value)]);
  // A filled tensor is smaller as an operation than as a weight.
  const fills = computed.filter(({ kernel }) => kernel === 'Fill');
  const kept = computed.filter(({ kernel }) => kernel !== 'Fill').flatMap(({ outputs }) => outputs);
  const ports = kept.filter((value) => read.has(value)).map((value, index) => ({ name: `folded.${index}`, value }));
  if (ports.length === 0) return { graph, weights };
  const values = await compute({ ...graph, nodes: computed, outputs: ports }, weights);
  const folded = pruned({ ...graph, nodes: [...fills, ...left], inputs: [...graph.inputs, ...ports] });
  const all = new Map([...weights, ...values]);
  const names = folded.inputs.map(({ name }) => name).filter((name) => all.has(name));
  return { graph: folded, weights: new Map(names.map((name) => [name, all.get(name)!])) };
}

async function compute(graph: SymbolicGraph, weights: HostTensors): Promise<HostTensors> {
  // Nothing in it depends on a symbol.
  const fixed = eliminateDeadCode(graph as unknown as Graph);
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(lowerToOnnx(fixed, 'fold'), { logSeverityLevel: 3 });
  const feeds = fixed.inputs.map(({ name }) => {
    const { dtype, data, shape } = weights.get(name)!;
    return [name, new Tensor(dtype, data, [...shape])] as const;
  });
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  return new Map(graph.outputs.map(({ name }) => [name, toHost(results[name]!)]));
}

function toHost({ type, dims, data }: ort.Tensor): HostTensor {
  return { dtype: type as HostTensor['dtype'], shape: [...dims], data: data as Float32Array | Int32Array };
}

/** Without what no output depends on. */
function pruned(graph: SymbolicGraph): SymbolicGraph {
  const { symbols } = graph;
  // Liveness asks nothing of sizes.
  return { ...(eliminateDeadCode(graph as unknown as Graph) as unknown as SymbolicGraph), symbols };
}
