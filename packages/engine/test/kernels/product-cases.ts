import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { floats, size } from './arbitraries.ts';
import { either, type KernelCase, sample } from './kernel-case.ts';

const flags = fc.tuple(fc.boolean(), fc.boolean());
const full = fc.integer({ min: 1, max: 4 });
/**
 * Leading axes: none, equal, or one side's absent or 1. Where each side has a 1, TensorFlow.js's own backends repeat
 * by count instead of broadcasting, and where one is empty they give elements that do not exist.
 */
const batches = fc.tuple(size, size, full).chain(([first, second, count]) =>
  fc.constantFrom<[number[], number[]]>(
    [[], []],
    [[first], [first]],
    [
      [first, second],
      [first, second],
    ],
    [[count], []],
    [[], [count]],
    [[count], [1]],
  ),
);

const matMul: KernelCase = fc.tuple(batches, size, size, size, flags).chain(([[batchA, batchB], m, k, n, flag]) => {
  const [transposeA, transposeB] = flag;
  const a = [...batchA, ...(transposeA ? [k, m] : [m, k])];
  const b = [...batchB, ...(transposeB ? [n, k] : [k, n])];
  return sample(fc.tuple(floats(a), floats(b)), (x, y) => tf.matMul(x!, y!, transposeA, transposeB));
});

type Activation = 'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'leakyrelu' | 'prelu';
const activations: Activation[] = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'];

/** A dense layer in one call, which is traced as the kernels that it is made of. */
const fusedMatMul: KernelCase = fc
  .tuple(fc.constantFrom(...activations), fc.boolean(), full)
  .chain(([activation, hasBias, width]) =>
    sample(fc.tuple(floats([2, 3], 'finite'), floats([3, width], 'finite'), floats([width], 'finite')), (a, b, row) =>
      tf.fused.matMul({
        a: a!,
        b: b!,
        activation,
        leakyreluAlpha: 0.1,
        ...(hasBias ? { bias: row! } : {}),
        ...(activation === 'prelu' ? { preluActivationWeights: row! } : {}),
      }),
    ),
  );

/** Normalisation by given moments, which is traced as the kernels that it is made of. */
export const batchNorm: KernelCase = fc
  .tuple(fc.boolean(), fc.boolean(), full)
  .chain(([hasOffset, hasScale, width]) =>
    sample(
      fc.tuple(floats([2, 3, width], 'finite'), floats([width], 'finite'), floats([width], 'positive')),
      (x, row, variance) =>
        tf.batchNorm(
          x!,
          row as tf.Tensor1D,
          variance as tf.Tensor1D,
          hasOffset ? (row as tf.Tensor1D) : undefined,
          hasScale ? (variance as tf.Tensor1D) : undefined,
          1e-3,
        ),
    ),
  );

export const productCases = { BatchMatMul: either(matMul, matMul, matMul, fusedMatMul) } satisfies Record<
  string,
  KernelCase
>;
