import type { FusedKernel, KernelName } from '@attune/graph';
import { broadcastingCases } from './broadcasting-cases.ts';
import { elementwiseCases } from './elementwise-cases.ts';
import { indexingCases } from './indexing-cases.ts';
import type { KernelCase } from './kernel-case.ts';
import { constants, movingCases } from './moving-cases.ts';
import { batchNorm, productCases } from './product-cases.ts';
import { reductionCases } from './reduction-cases.ts';
import { slicingCases } from './slicing-cases.ts';

/** What to run for each kernel; a kernel without cases does not compile. */
export const kernelCases: { readonly [K in Exclude<KernelName, FusedKernel>]: KernelCase } = {
  ...elementwiseCases,
  ...broadcastingCases,
  ...reductionCases,
  ...productCases,
  ...movingCases,
  ...slicingCases,
  ...indexingCases,
};

/** Calls of TensorFlow.js that are traced as several kernels, or as a constant. */
export const rewrittenCases: Readonly<Record<string, KernelCase>> = { FusedBatchNorm: batchNorm, Range: constants };
