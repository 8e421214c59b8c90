import { floatTensor, randomSource } from '@attune/base';
import { checkGradients, expectClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compute, exact, randomTensors, taken, weighted } from '../../../test/layer-checks.ts';
import { activationNames, activations } from './activations.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const points = [-3, -1, 0, 0.5, 1, 3];
// From PyTorch in float64: torch.nn.functional.gelu(x, approximate='tanh') and silu(x).
const geluTanh = [-0.003637392082, -0.158808009392, 0, 0.345714009825, 0.841191990608, 2.996362607918];
const silu = [-0.14227761953, -0.26894142137, 0, 0.311229665601, 0.73105857863, 2.857722380467];

describe('activations', () => {
  it.each([
    ['gelu_new', geluTanh],
    ['gelu_pytorch_tanh', geluTanh],
    ['silu', silu],
    ['swish', silu],
    ['relu', [0, 0, 0, 0.5, 1, 3]],
    ['tanh', points.map(Math.tanh)],
  ] as const)('%s has the values of its formula', (name, expected) => {
    expectClose(
      compute(() => activations[name](tf.tensor1d(points))),
      floatTensor([6], [...expected]),
      exact,
    );
  });

  it.each(activationNames)('%s has the gradient that central differences give', async (name) => {
    const loss = (tensors: ReadonlyMap<string, tf.Tensor>) => weighted(activations[name](taken(tensors, 'x')));
    await checkGradients({ loss, values: randomTensors({ x: [4, 5] }), random: randomSource(1) });
  });

  it('are known by the names of configs', () => {
    expect(activationNames).toEqual(['gelu', 'gelu_new', 'gelu_pytorch_tanh', 'relu', 'silu', 'swish', 'tanh']);
  });
});
