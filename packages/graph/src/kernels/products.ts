import { sizeOf } from '@attune/base';
import type * as tf from '@tensorflow/tfjs-core';
import type { ValueInfo } from '../values.ts';
import type { Kernel, KernelCall, RunKernel } from './kernel.ts';
import { aligned, attribute, broadcastShapes, holdsExamples, inputAt, must, never, repeat } from './parts.ts';

/** Whether the last two axes of a side are swapped first. */
export interface Product {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** A product times a number. */
export interface ScaledProduct extends Product {
  readonly alpha: number;
}

/** [..., m, k] x [..., k, n] = [..., m, n] after transposing, leading axes broadcast. */
function productInfo({ inputs, attributes: { transposeA, transposeB } }: KernelCall<Product>): readonly ValueInfo[] {
  const [a, b] = [inputAt(inputs, 0), inputAt(inputs, 1)];
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const rows = a.shape.at(transposeA ? -1 : -2) ?? 1;
  const columns = b.shape.at(transposeB ? -2 : -1) ?? 1;
  return [{ shape: [...batch, rows, columns], dtype: a.dtype }];
}

/** 2 m k n operations for each matrix. */
function productFlops({ inputs, attributes }: KernelCall<Product>, [output]: readonly ValueInfo[]): number {
  const inner = inputAt(inputs, 0).shape.at(attributes.transposeA ? -2 : -1) ?? 1;
  return output === undefined ? 0 : 2 * inner * sizeOf(output.shape);
}

function checkProduct({ inputs, attributes: { transposeA, transposeB } }: KernelCall<Product>): string | undefined {
  const a = inputAt(inputs, 0).shape.at(transposeA ? -2 : -1);
  const b = inputAt(inputs, 1).shape.at(transposeB ? -1 : -2);
  return must(a === b, `inner sizes ${a} and ${b} must be equal`);
}

interface ProductRun {
  readonly inputs: readonly tf.TensorInfo[];
  readonly attributes: Product;
  readonly run: RunKernel;
}

/** The cpu backend repeats the batch axes of the smaller input by count, which is not broadcasting. */
function multiply({ inputs, attributes: { transposeA, transposeB }, run }: ProductRun): tf.TensorInfo {
  const [a, b] = [inputs[0]!, inputs[1]!];
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const [wholeA, wholeB] = [a, b].map((x) => repeat(run, x, [...batch, ...x.shape.slice(-2)]));
  return run('BatchMatMul', { a: wholeA!, b: wholeB! }, { transposeA, transposeB })[0]!;
}

function scaled(call: ProductRun & { readonly attributes: ScaledProduct }): tf.TensorInfo {
  const [alpha] = call.run('Fill', {}, { shape: [], value: call.attributes.alpha, dtype: 'float32' });
  return call.run('Multiply', { a: multiply(call), b: alpha! })[0]!;
}

/** a b over the last two axes, either transposed first. */
const batchMatMul: Kernel<Product> = {
  infer: productInfo,
  flops: productFlops,
  check: checkProduct,
  trace: (call) =>
    call.emit([call.input('a'), call.input('b')], {
      transposeA: attribute<boolean | undefined>(call, 'transposeA') ?? false,
      transposeB: attribute<boolean | undefined>(call, 'transposeB') ?? false,
    }),
  evaluate: (call) => [multiply(call)],
  // Rows of a against fixed columns; or matrices of one example against each other's or fixed ones.
  separable: (call) => {
    if (call.shape.length > 2) return aligned(call);
    const { dependences, attributes, inputs, numExamples } = call;
    return (
      dependences[0] === 'example' &&
      dependences[1] === 'fixed' &&
      !attributes.transposeA &&
      holdsExamples({ shape: inputAt(inputs, 0).shape, numExamples })
    );
  },
};

/** alpha · a b: one multiplication for each element besides. */
const scaledMatMul: Kernel<ScaledProduct> = {
  infer: productInfo,
  flops: (call, outputs) => productFlops(call, outputs) + sizeOf(outputs[0]!.shape),
  check: checkProduct,
  trace: undefined,
  evaluate: (call) => [scaled(call)],
  separable: never,
};

/**
 * alpha · a b + c for matrices, c broadcasts to the product: a multiplication, unless alpha is one, and an addition for
 * each element besides.
 */
const gemm: Kernel<ScaledProduct> = {
  infer: productInfo,
  flops: (call, outputs) =>
    productFlops(call, outputs) + (call.attributes.alpha === 1 ? 1 : 2) * sizeOf(outputs[0]!.shape),
  check: checkProduct,
  trace: undefined,
  evaluate: (call) => call.run('Add', { a: scaled(call), b: call.inputs[2]! }),
  separable: never,
};

/** Matrix products. */
export const products = { BatchMatMul: batchMatMul };

/** Those that only `fuse` puts into a graph. */
export const fusedProducts = { ScaledMatMul: scaledMatMul, Gemm: gemm };
