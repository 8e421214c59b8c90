import { sizeOf } from '@attune/base';
import type { ModelBuilder } from '../model-builder.ts';
import { type LoweringCall, type LoweringRule, name, type OpenRule, zeros } from './lowering-rule.ts';

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
  const last = outputs[0]!.shape.length - 1;
  const perm = outputs[0]!.shape.map((_, axis) => (axis < last - 1 ? axis : 2 * last - 1 - axis));
  const turned = { ...product, a: product.b, b: product.a, transposeA: !transposeB, transposeB: !transposeA };
  return builder.node('Transpose', [multiply(builder, turned)], { attributes: { perm } });
}

/** Threads for which equal bits are promised. */
const MOST_THREADS = 8;
/** Products of fewer terms are never cut along them. */
const SHORTEST_CUT = 128;

/**
 * ONNX Runtime's float32 product (MLAS) splits the longer side of the result among threads. Where that is the columns,
 * each thread's share decides in how many pieces it adds up the terms: 128 at a time, more when the share is 64
 * columns or less. Checked on 2,178 products with 1, 2 and 4 threads: everything else gives the same bits.
 *
 * Of several products a thread takes some each, and single ones are split only where there are fewer than threads.
 * With one right side for all, ONNX Runtime makes one product of them, their rows one below the other.
 */
function dependsOnThreads({ products, rows, columns, terms, shareRight }: Sizes): boolean {
  const isCut = (height: number): boolean =>
    height > 1 && columns > height && terms > SHORTEST_CUT && columns <= 64 * MOST_THREADS + 16;
  return (products < MOST_THREADS && isCut(rows)) || (shareRight && isCut(products * rows));
}

interface Sizes {
  readonly products: number;
  readonly rows: number;
  readonly columns: number;
  readonly terms: number;
  /** All products have the same right side. */
  readonly shareRight: boolean;
}

function sizesOf(
  infos: LoweringCall<ProductKernel>['infos'],
  { transposeA, transposeB }: Pick<Product, 'transposeA' | 'transposeB'>,
): Sizes {
  const [a, b] = [infos[0]!.shape, infos[1]!.shape];
  const rights = sizeOf(b.slice(0, -2));
  return {
    products: Math.max(sizeOf(a.slice(0, -2)), rights),
    rows: a.at(transposeA ? -1 : -2)!,
    columns: b.at(transposeB ? -2 : -1)!,
    terms: a.at(transposeA ? -2 : -1)!,
    shareRight: rights === 1,
  };
}

const batchMatMul: LoweringRule<'BatchMatMul'> = (call) => [steadyProduct(call)];

const scaledMatMul: LoweringRule<'ScaledMatMul'> = (call) => [steadyProduct(call)];

/** What is added is where the sums start from, unless the product has to be turned. */
const gemm: LoweringRule<'Gemm'> = (call) => {
  const { builder, inputs, infos, attributes } = call;
  if (dependsOnThreads(sizesOf(infos, attributes))) {
    return [builder.node('Add', [steadyProduct(call), name(call, 2)])];
  }
  const { transposeA: transA, transposeB: transB, alpha } = attributes;
  return [builder.node('Gemm', inputs, { attributes: { transA, transB, alpha: { float: alpha } } })];
};

/** Gemm transposes matrices as it reads them; stacks of matrices are transposed first, where a runtime may fuse it. */
const openBatchMatMul: OpenRule<'BatchMatMul'> = ({ builder, inputs, infos, attributes }) => {
  const { transposeA, transposeB } = attributes;
  const [a, b] = [inputs[0]!, inputs[1]!];
  if (!transposeA && !transposeB) return [builder.node('MatMul', [a, b])];
  if (infos.every(({ shape }) => shape.length === 2)) {
    return [builder.node('Gemm', [a, b], { attributes: { transA: transposeA, transB: transposeB } })];
  }
  const turned = (name: string, index: number) => {
    const axes = [...infos[index]!.shape.keys()];
    const perm = [...axes.slice(0, -2), ...axes.slice(-2).reverse()];
    return builder.node('Transpose', [name], { attributes: { perm } });
  };
  return [builder.node('MatMul', [transposeA ? turned(a, 0) : a, transposeB ? turned(b, 1) : b])];
};

/** How matrix products become ONNX nodes. */
export const products = {
  BatchMatMul: batchMatMul,
  ScaledMatMul: scaledMatMul,
  Gemm: gemm,
};

/** A product of stacks of open size, in standard operators. */
export const openProducts = {
  BatchMatMul: openBatchMatMul,
};
