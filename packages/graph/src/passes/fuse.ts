import type { Graph } from '../graph.ts';
import { fuseGelu } from './fuse-gelu.ts';
import { fuseNormalization } from './fuse-normalization.ts';
import { fuseProducts } from './fuse-products.ts';

/**
 * Several nodes as one operator where ONNX Runtime has it and measurement shows it faster. Values agree to rounding:
 * sums are taken in another order. For the last graph before lowering; other passes do not know the fused kernels.
 */
export function fuse(graph: Graph): Graph {
  return fuseProducts(fuseGelu(fuseNormalization(graph)));
}
