import { type Graph, type GraphCosts, sizeOf } from '@attune/graph';

/**
 * The arena of a session over what is alive in it at most. ONNX Runtime's first run allocates value by value, later
 * ones take a single block planned from that ("memory pattern"), and the arena keeps both; rounding and gaps are the
 * rest. Measured 2.1 to 2.6 on steps of 2×128 to 6×384; `attune cost --check` shows whether it still fits.
 */
const arenaShare = 2.25;

/**
 * Most memory that one process of the compiled engine takes for a step, in bytes: stores, twice for what trains (a
 * step writes new values beside the old); the copy of every new value that the runtime's binding hands back; what is
 * alive inside the step; constants, batch and noise. Not counted: the process itself (about 150 MiB), the checkpoint's
 * values where the caller keeps them, and handed-back copies that still wait for the garbage collector.
 */
export function peakMemoryBytes(graph: Graph, { memory }: Pick<GraphCosts, 'memory'>): number {
  const { parameterBytes, optimizerBytes, frozenBytes, nextBytes, inputBytes, constantBytes } = memory;
  const stores = parameterBytes + optimizerBytes + frozenBytes + nextBytes;
  const constants = constantBytes + scatterBases(graph);
  return stores + nextBytes + arenaShare * memory.peakLiveBytes + inputBytes + constants;
}

/** An embedding's gradient is added into a constant of zeros, one for each shape. */
function scatterBases({ nodes, values }: Graph): number {
  const shapes = nodes.flatMap(({ kernel, outputs }) =>
    kernel === 'UnsortedSegmentSum' || kernel === 'ScatterNd' ? [values[outputs[0]!]!.shape] : [],
  );
  const distinct = new Map(shapes.map((shape) => [shape.join(), 4 * sizeOf(shape)]));
  return [...distinct.values()].reduce((sum, bytes) => sum + bytes, 0);
}
