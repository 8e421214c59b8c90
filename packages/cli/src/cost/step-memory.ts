import type { StepProgram } from '@attune/engine';
import { analyse, type Graph, portBytes, type StepMemory, sizeOf } from '@attune/graph';

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
export function peakMemoryBytes({ compute, updates }: StepProgram, stores: StepMemory): number {
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
