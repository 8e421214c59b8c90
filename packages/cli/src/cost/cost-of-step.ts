import { countParameters, safetensorsBytes } from '@attune/core';
import { analyse, type GraphCosts } from '@attune/graph';
import { planStep, type StepRequest, traceTraining } from './plan-step.ts';
import { peakMemoryBytes } from './step-memory.ts';

export interface StepCost extends Pick<GraphCosts, 'phases' | 'total' | 'nodes' | 'memory'> {
  readonly trainableParameters: number;
  readonly totalParameters: number;
  /** See `peakMemoryBytes`. */
  readonly peakMemoryBytes: number;
  /** The file that keeps what was trained. */
  readonly adapterBytes: number;
}

/**
 * What one training step costs, from its graph: nothing is run and no weight is there.
 *
 * @throws ConfigError see `planStep`
 */
export function costOfStep(request: StepRequest): StepCost {
  const planned = planStep(request);
  const { trainable, frozen } = planned.plan;
  const graph = traceTraining(planned);
  const costs = analyse(graph);
  return {
    phases: costs.phases,
    total: costs.total,
    nodes: costs.nodes,
    memory: costs.memory,
    trainableParameters: countParameters(trainable),
    totalParameters: countParameters([...trainable, ...frozen]),
    peakMemoryBytes: peakMemoryBytes(graph, costs),
    adapterBytes: safetensorsBytes(trainable),
  };
}
