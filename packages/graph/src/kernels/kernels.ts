import { elementwise } from './elementwise.ts';
import { indexing } from './indexing.ts';
import type { Kernel } from './kernel.ts';
import { shaping } from './moving.ts';
import { fusedLayers } from './normalization.ts';
import { fusedProducts, products } from './products.ts';
import { reductions } from './reductions.ts';
import { slicing } from './slicing.ts';

const table = {
  ...elementwise,
  ...reductions,
  ...products,
  ...shaping,
  ...slicing,
  ...indexing,
  ...fusedProducts,
  ...fusedLayers,
};

/**
 * The kernels a graph may contain, by TensorFlow.js's names. Kernels that are other kernels in disguise (ExpandDims,
 * Pack, ZerosLike, ...) are rewritten while tracing, see trace/rewritten-kernels.
 */
export type KernelName = keyof typeof table;

/** Kernels that only passes put into a graph: what several of the others compute, in one ONNX operator. */
export type FusedKernel = keyof typeof fusedProducts | keyof typeof fusedLayers;

/** The normalised attributes of each kernel (axes not negative, sizes spelled out), as its record says. */
export type KernelAttributes = {
  readonly [K in KernelName]: (typeof table)[K] extends Kernel<infer A> ? A : never;
};

/** The record of each kernel. */
export const kernels: { readonly [K in KernelName]: Kernel<KernelAttributes[K]> } = table;

/** The record of a node's kernel, for the attributes of that node. */
export function kernelOf({ kernel }: { readonly kernel: KernelName }): Kernel<KernelAttributes[KernelName]> {
  // The table pairs each kernel with its own attributes; a union of records loses that pairing.
  return kernels[kernel] as unknown as Kernel<KernelAttributes[KernelName]>;
}
