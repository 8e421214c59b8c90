import { countParameters, safetensorsBytes } from '@attune/core';
import { planProgram, type StepProgram } from '@attune/engine';
import { analyse, countFlops, type GraphCosts, type NodeWork, portBytes } from '@attune/graph';
import { planStep, type StepRequest, traceTraining } from './plan-step.ts';
import { peakMemoryBytes } from './step-memory.ts';

export interface StepCost extends Pick<GraphCosts, 'phases'> {
  /** What is run: operators after all passes, and each update as one. */
  readonly nodes: readonly NodeWork[];
  /** Read and written by these. */
  readonly bytesMoved: number;
  readonly trainableParameters: number;
  readonly totalParameters: number;
  /** See `peakMemoryBytes`. */
  readonly peakMemoryBytes: number;
  /** The file that keeps what was trained. */
  readonly adapterBytes: number;
}

/**
 * What one training step costs, from its graph: nothing is run and no weight is there. Operations are those of the
 * step as it was traced, bytes and memory those of the compiled engine, without kept values of frozen parts.
 *
 * @throws ConfigError see `planStep`
 */
export function costOfStep(request: StepRequest): StepCost {
  const planned = planStep(request);
  const { trainable, frozen } = planned.plan;
  const { traced, names } = traceTraining(planned);
  const { phases, memory } = analyse(traced.graph);
  const program = planProgram(traced, { names, batch: planned.batch, without: new Set() });
  const nodes = [...analyse(program.compute).nodes, ...program.updates.map(updateWork)];
  return {
    phases,
    nodes,
    bytesMoved: nodes.reduce((sum, { bytes }) => sum + bytes, 0),
    trainableParameters: countParameters(trainable),
    totalParameters: countParameters([...trainable, ...frozen]),
    peakMemoryBytes: peakMemoryBytes(program, memory),
    adapterBytes: safetensorsBytes(trainable),
  };
}

/** One loop over memory: every tensor is read once and every new value written once. */
function updateWork({ graph }: StepProgram['updates'][number]): NodeWork {
  const bytes = portBytes(graph, graph.inputs) + portBytes(graph, graph.outputs);
  return { kernel: graph.nodes[0]!.kernel, phase: 'update', flops: countFlops(graph), bytes };
}
