import type { ModelBuilder } from '../model-builder.ts';
import type { LoweringCall, LoweringRule } from './lowering-rule.ts';
import { name, zeros } from './lowering-rule.ts';

type ProductKernel = 'BatchMatMul' | 'ScaledMatMul' | 'Gemm';

interface Product {
  readonly a: string;
  readonly b: string;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly alpha: number;
}

/** A plain product is MatMul; transposed or scaled it is com.microsoft's FusedMatMul, which does both in place. */
function multiply(builder: ModelBuilder, { a, b, transposeA, transposeB, alpha }: Product): string {
  if (!transposeA && !transposeB && alpha === 1) return builder.node('MatMul', [a, b]);
  const attributes = { transA: transposeA, transB: transposeB, alpha: { float: alpha } };
  return builder.node('FusedMatMul', [a, b], { attributes, domain: 'com.microsoft' });
}

/** The product, or where its bits would depend on the number of threads, its transpose's transpose. */
function steadyProduct({ builder, inputs, infos, outputs, attributes }: LoweringCall<ProductKernel>): string {
  if (infos[0]!.shape.includes(0)) {
    // ONNX Runtime 1.30 leaves what was in memory where there is nothing to add up.
    return zeros(builder, outputs[0]!.shape, outputs[0]!.dtype);
  }
  const { transposeA, transposeB } = attributes;
  const product = {
    ...{ a: inputs[0]!, b: inputs[1]!, transposeA, transposeB },
    alpha: 'alpha' in attributes ? attributes.alpha : 1,
  };
  if (!dependsOnThreads(sizesOf(infos, attributes))) return multiply(builder, product);
  const turned = { ...product, a: product.b, b: product.a, transposeA: !transposeB, transposeB: !transposeA };
  return builder.node('Transpose', [multiply(builder, turned)], { attributes: { perm: [1, 0] } });
}

/** Threads for which equal bits are promised. */
const MOST_THREADS = 8;
/** Products of fewer terms are never cut along them. */
const SHORTEST_CUT = 128;

/**
 * ONNX Runtime's float32 product (MLAS) splits the longer side of the result among threads. Where that is the columns,
 * each thread's share decides in how many pieces it adds up the terms: 128 at a time, more when the share is 64
 * columns or less. Checked on 2,178 products with 1, 2 and 4 threads: everything else gives the same bits.
 */
function dependsOnThreads({ rows, columns, terms }: Sizes): boolean {
  return rows > 1 && columns > rows && terms > SHORTEST_CUT && columns <= 64 * MOST_THREADS + 16;
}

interface Sizes {
  readonly rows: number;
  readonly columns: number;
  readonly terms: number;
}

/** Of a product of two matrices; products of more axes are split along the others. */
function sizesOf(
  infos: LoweringCall<ProductKernel>['infos'],
  { transposeA, transposeB }: Pick<Product, 'transposeA' | 'transposeB'>,
): Sizes {
  const [a, b] = [infos[0]!.shape, infos[1]!.shape];
  if (a.length !== 2 || b.length !== 2) return { rows: 1, columns: 1, terms: 1 };
  return { rows: a[transposeA ? 1 : 0]!, columns: b[transposeB ? 0 : 1]!, terms: a[transposeA ? 0 : 1]! };
}

export const batchMatMul: LoweringRule<'BatchMatMul'> = (call) => [steadyProduct(call)];

export const scaledMatMul: LoweringRule<'ScaledMatMul'> = (call) => [steadyProduct(call)];

/** What is added is where the sums start from, unless the product has to be turned. */
export const gemm: LoweringRule<'Gemm'> = (call) => {
  const { builder, inputs, infos, attributes } = call;
  if (dependsOnThreads(sizesOf(infos, attributes))) {
    return [builder.node('Add', [steadyProduct(call), name(call, 2)])];
  }
  const { transposeA: transA, transposeB: transB, alpha } = attributes;
  return [builder.node('Gemm', inputs, { attributes: { transA, transB, alpha: { float: alpha } } })];
};
