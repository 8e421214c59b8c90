import type { ValueInfo } from '../graph.ts';
import type { KernelAttributes, KernelName } from '../kernels.ts';

/** Inputs and attributes of one kernel call, and what comes out of it. */
export interface KernelCall<K extends KernelName> {
  readonly inputs: readonly ValueInfo[];
  readonly attributes: KernelAttributes[K];
}

/** Everything the graph needs to know of a kernel. */
export interface KernelRule<K extends KernelName> {
  /** Shapes and dtypes of the outputs. */
  readonly infer: (call: KernelCall<K>) => readonly ValueInfo[];
  /** Floating-point operations; a multiply-add counts as two, moving data as none. */
  readonly flops: (call: KernelCall<K>, outputs: readonly ValueInfo[]) => number;
  /** Each element of the output comes from the inputs' elements at its place, so it may be written over one of them. */
  readonly elementwise?: true;
}

/** Input i of a call. @throws RangeError when the kernel was recorded with too few inputs (a bug here). */
export function inputAt(inputs: readonly ValueInfo[], index: number): ValueInfo {
  const info = inputs[index];
  if (info === undefined) {
    throw new RangeError(`kernel rule: expected an input ${index}, got ${inputs.length} inputs`);
  }
  return info;
}
