import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gradientCases } from '../test/kernels/gradient-cases.ts';
import { kernelCases, rewrittenCases } from '../test/kernels/kernel-cases.ts';
import { checkEverywhere, type Engines, startEngines } from '../test/kernels/run-everywhere.ts';

let engines: Engines;

beforeAll(async () => {
  engines = await startEngines();
});

afterAll(() => Promise.all([...engines.values()].map((engine) => engine.dispose())));

describe('compiled, eager and evaluated agree', () => {
  test.each(Object.keys(kernelCases) as (keyof typeof kernelCases)[])('%s', async (kernel) => {
    expect(await checkEverywhere(engines, kernelCases[kernel], 20)).toContain(kernel);
  });

  test.each(Object.keys(rewrittenCases))('%s, traced as other kernels', async (kernel) => {
    expect(await checkEverywhere(engines, rewrittenCases[kernel]!, 20)).not.toContain(kernel);
  });

  test.each(Object.keys(gradientCases))('the gradient of %s', async (kernel) => {
    await checkEverywhere(engines, gradientCases[kernel]!, 5);
  });
});

test('every gradient that TensorFlow.js has of these kernels is tried', () => {
  const differentiable = [...Object.keys(kernelCases), ...Object.keys(rewrittenCases)].filter(
    (kernel) => tf.getGradient(kernel) !== undefined,
  );
  expect(differentiable.filter((kernel) => !(kernel in gradientCases))).toEqual([]);
});
