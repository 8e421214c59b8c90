import type { Graph } from '../graph.ts';
import { fuseGelu } from './fuse-gelu.ts';
import { fuseNormalization } from './fuse-normalization.ts';
import { fuseProducts } from './fuse-products.ts';
import { applyPasses, type PassName } from './pass.ts';

/**
 * Several nodes as one operator where ONNX Runtime has it and measurement shows it faster (`npm run bench -- passes`).
 * Values agree to rounding: sums are taken in another order. For the last graph before lowering; other passes do not
 * know the fused kernels.
 *
 * @param without  passes to leave out
 */
export function fuse(graph: Graph, without: ReadonlySet<PassName> = new Set()): Graph {
  return applyPasses(
    graph,
    [
      ['fuse-normalization', fuseNormalization],
      ['fuse-gelu', fuseGelu],
      ['fuse-products', fuseProducts],
    ],
    without,
  );
}
