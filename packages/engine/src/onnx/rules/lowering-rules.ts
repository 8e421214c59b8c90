import type { KernelName } from '@attune/graph';
import { elementwise } from './elementwise.ts';
import { fusedLayers } from './fused.ts';
import { indexing } from './indexing.ts';
import type { LoweringRule, OpenRule } from './lowering-rule.ts';
import { moving, openMoving } from './moving.ts';
import { openProducts, products } from './products.ts';
import { reductions } from './reductions.ts';

/** How each kernel becomes ONNX nodes; a kernel without a rule does not compile. */
export const loweringRules: { readonly [K in KernelName]: LoweringRule<K> } = {
  ...elementwise,
  ...reductions,
  ...products,
  ...moving,
  ...indexing,
  ...fusedLayers,
};

/**
 * Kernels with a rule of their own for graphs with open sizes: those whose attributes may be open, and those that are
 * otherwise lowered to operators of ONNX Runtime alone. Any other kernel is lowered by its rule above.
 */
export const openRules: { readonly [K in KernelName]?: OpenRule<K> } = { ...openMoving, ...openProducts };
