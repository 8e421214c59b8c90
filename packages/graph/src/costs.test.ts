import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { type SmallStep, traceSmallStep } from '../test/small-steps.ts';
import { analyse, type GraphCosts } from './cost/analyse.ts';
import { countFlops } from './cost/node-costs.ts';
import { trace } from './trace/trace.ts';

/** One linear layer: loss = Σ (x wᵀ)². */
const linear: SmallStep = {
  parameters: { w: [7, 5] },
  batch: { x: [3, 5] },
  loss: (p, b) => tf.sum(tf.square(tf.matMul(b('x'), p('w'), false, true))),
};

const perceptron: SmallStep = {
  parameters: { w1: [7, 5], b1: [7], w2: [2, 7] },
  batch: { x: [3, 5] },
  loss: (p, b) => {
    const hidden = tf.relu(tf.add(tf.matMul(b('x'), p('w1'), false, true), p('b1')));
    return tf.sum(tf.matMul(hidden, p('w2'), false, true));
  },
};

/** One head over 3 positions: loss = Σ softmax(q kᵀ) v. */
const attention: SmallStep = {
  parameters: { query: [6, 4], key: [6, 4], value: [6, 4] },
  batch: { x: [3, 6] },
  loss: (p, b) => {
    const [query, key, value] = ['query', 'key', 'value'].map((name) => tf.matMul(b('x'), p(name)));
    return tf.sum(tf.matMul(tf.softmax(tf.matMul(query!, key!, false, true)), value!));
  },
};

const flops = ({ phases: { forward, backward, update } }: GraphCosts) => [forward.flops, backward.flops, update.flops];

// Adam is 12 operations for each parameter, see small-steps.ts.
test.each<[string, SmallStep, readonly [forward: number, backward: number, update: number]]>([
  [
    'linear layer',
    linear,
    [
      2 * 3 * 5 * 7 + 21 + 21, // product, squares, sum
      21 + 2 * 21 + 2 * 3 * 5 * 7, // the sum's gradient, the square's, the weight's
      12 * 35,
    ],
  ],
  [
    'linear layer with plain gradient descent',
    { ...linear, optimizer: 'gradient-descent' },
    [2 * 3 * 5 * 7 + 21 + 21, 21 + 2 * 21 + 2 * 3 * 5 * 7, 2 * 35],
  ],
  [
    'two layers',
    perceptron,
    [
      2 * 3 * 5 * 7 + 21 + 21 + 2 * 3 * 7 * 2 + 6, // product, bias, relu, product, sum
      6 + 2 * (2 * 3 * 7 * 2) + 2 * 21 + 21 + 2 * 3 * 5 * 7, // sum, product's two, relu's, bias, first weight
      12 * (35 + 7 + 14),
    ],
  ],
  [
    'attention',
    attention,
    [
      3 * (2 * 3 * 6 * 4) + 2 * (2 * 3 * 3 * 4) + 5 * 9 + 12, // projections, scores and mixing, softmax, sum
      12 + 4 * (2 * 3 * 3 * 4) + 4 * 9 + 3 * (2 * 3 * 6 * 4), // sum, both products' two, softmax, the weights'
      12 * 3 * 24,
    ],
  ],
])('operations by phase: %s', (_name, step, byHand) => {
  const graph = traceSmallStep(step);
  const costs = analyse(graph);
  expect(flops(costs)).toEqual(byHand);
  expect(costs.total.flops).toBe(countFlops(graph));
  expect(costs.total.flops).toBe(byHand[0] + byHand[1] + byHand[2]);
});

describe('where phases meet', () => {
  test('clipping belongs to the update, the norm it needs to the backward pass', () => {
    const adjust = ([gradient]: readonly tf.Tensor[]) => {
      const norm = tf.sqrt(tf.sum(tf.square(gradient!)));
      return [tf.mul(gradient!, tf.minimum(tf.div(1, norm), 1))];
    };
    const [plain, clipped] = [linear, { ...linear, adjust }].map((step) => flops(analyse(traceSmallStep(step))));
    const norm = 2 * 35; // square and sum
    const clipping = 1 + 1 + 1 + 35; // root, quotient, minimum; product
    expect(clipped).toEqual([plain![0], plain![1]! + norm, plain![2]! + clipping]);
  });

  test('a sum of gradients of one parameter belongs to the backward pass', () => {
    const tied: SmallStep = {
      parameters: { w: [4, 4] },
      batch: { x: [3, 4] },
      loss: (p, b) => tf.sum(tf.matMul(tf.matMul(b('x'), p('w')), p('w'))),
    };
    const product = 2 * 3 * 4 * 4;
    expect(flops(analyse(traceSmallStep(tied)))).toEqual([2 * product + 12, 12 + 3 * product + 16, 12 * 16]);
  });

  test('a plain function is all forward', () => {
    const x = { name: 'x', shape: [3, 5], dtype: 'float32' } as const;
    const graph = trace(({ inputs }) => new Map([['y', tf.sum(inputs.get('x')!)]]), [x]);
    expect(flops(analyse(graph))).toEqual([15, 0, 0]);
  });
});

test('operations and bytes by kernel', () => {
  const { kernels, phases, total } = analyse(traceSmallStep(linear));
  const [x, w, y, scalar] = [15, 35, 21, 1].map((elements) => 4 * elements) as [number, number, number, number];
  expect(kernels.get('BatchMatMul')).toEqual({ nodes: 2, flops: 420, bytes: 2 * (x + w + y) });
  expect(kernels.get('Reshape')).toEqual({ nodes: 1, flops: 0, bytes: 0 });
  expect(phases.forward.bytes).toBe(x + w + y + 2 * y + (y + scalar));
  const sum = [...kernels.values()].reduce((bytes, kernel) => bytes + kernel.bytes, 0);
  expect(sum).toBe(total.bytes);
});

test('bytes by what they hold', () => {
  const { memory } = analyse(traceSmallStep(perceptron));
  const elements = 35 + 7 + 14;
  expect(memory).toMatchObject({
    parameterBytes: 4 * elements,
    optimizerBytes: 2 * 4 * elements,
    nextBytes: 3 * 4 * elements,
    inputBytes: 4 * 15,
    frozenBytes: 0,
  });
});
