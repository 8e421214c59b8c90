import { sizeOf } from '@attune/base';
import { safetensorsBytes } from '@attune/checkpoints';
import { countParameters } from '@attune/core';
import { planProgram, type StepProgram } from '@attune/engine';
import {
  analyse,
  countFlops,
  type Graph,
  type GraphCosts,
  type NodeWork,
  portBytes,
  type StepMemory,
} from '@attune/graph';
import { planStep, type StepRequest, traceTraining } from './plan-step.ts';

/**
 * What ONNX Runtime's arena takes for what is alive in it at most: rounding, gaps, and memory that the process keeps
 * from before. Measured 1.2 to 2.0 on steps of 4×256 and 6×384; `attune cost --check` shows whether it still fits.
 */
const arenaShare = 1.45;

/**
 * Most memory that one process of the compiled engine takes for a step, in bytes: stores; the gradients that updates
 * read; new values of states that are not updated in place; the copy of every output that the runtime's binding hands
 * back; what is alive inside the step; constants, batch and noise. Not counted: the process itself (about 150 MiB), the
 * checkpoint's values where the caller keeps them, and kept values of frozen parts.
 *
 * @param stores  of the whole step
 */
function peakMemoryBytes({ compute, updates }: StepProgram, stores: StepMemory): number {
  const { inputBytes, constantBytes, nextBytes, peakLiveBytes } = analyse(compute).memory;
  const { parameterBytes, optimizerBytes, frozenBytes } = stores;
  const gradients = updates.reduce((sum, { graph }) => sum + portBytes(graph, gradientsOf(graph)), 0);
  const kept = parameterBytes + optimizerBytes + frozenBytes + gradients + nextBytes;
  return kept + portBytes(compute, compute.outputs) + arenaShare * peakLiveBytes + inputBytes + constantBytes;
}

/** Inputs of an update that are neither state nor single numbers. */
function gradientsOf({ inputs, values }: Graph): Graph['inputs'] {
  return inputs.filter(({ name, value }) => !name.startsWith('state:') && sizeOf(values[value]!.shape) > 1);
}

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
