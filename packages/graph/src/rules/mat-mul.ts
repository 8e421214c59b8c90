import { sizeOf } from '../graph.ts';
import { broadcastShapes } from './elementwise.ts';
import type { KernelRule } from './kernel-rule.ts';
import { inputAt } from './kernel-rule.ts';

/**
 * a b over the last two axes, either transposed first: [..., m, k] x [..., k, n] = [..., m, n], with leading
 * axes broadcast. 2 m k n operations for each matrix.
 */
export const batchMatMul: KernelRule<'BatchMatMul'> = {
  infer: ({ inputs, attributes: { transposeA, transposeB } }) => {
    const [a, b] = [inputAt(inputs, 0), inputAt(inputs, 1)];
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const rows = a.shape.at(transposeA ? -1 : -2) ?? 1;
    const columns = b.shape.at(transposeB ? -2 : -1) ?? 1;
    return [{ shape: [...batch, rows, columns], dtype: a.dtype }];
  },
  flops: ({ inputs, attributes: { transposeA } }, [output]) => {
    const inner = inputAt(inputs, 0).shape.at(transposeA ? -2 : -1) ?? 1;
    return output === undefined ? 0 : 2 * inner * sizeOf(output.shape);
  },
};

/** alpha · a b: one multiplication for each element besides. */
export const scaledMatMul: KernelRule<'ScaledMatMul'> = {
  infer: ({ inputs, attributes }) => batchMatMul.infer({ inputs, attributes }),
  flops: ({ inputs, attributes }, outputs) =>
    batchMatMul.flops({ inputs, attributes }, outputs) + sizeOf(outputs[0]!.shape),
};

/** alpha · a b + c: a multiplication, unless alpha is one, and an addition for each element besides. */
export const gemm: KernelRule<'Gemm'> = {
  infer: ({ inputs, attributes }) => batchMatMul.infer({ inputs, attributes }),
  flops: ({ inputs, attributes }, outputs) =>
    batchMatMul.flops({ inputs, attributes }, outputs) + (attributes.alpha === 1 ? 1 : 2) * sizeOf(outputs[0]!.shape),
};
