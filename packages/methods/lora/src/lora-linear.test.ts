import { floatTensor, type HostTensor } from '@attune/base';
import { fromTensor } from '@attune/core';
import { expectClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { loraLinear } from './lora-linear.ts';
import { loraScaling, loraSettings } from './settings.ts';

// W = [[1, 2, -1], [0.5, -1, 2]], b = [0.1, -0.2], so base(x) = [-5.9, 8.3]; results computed with PEFT.
const x = [1, -2, 3];
const base = [-5.9, 8.3];
const factorA = [0.2, -0.4, 0.6, 1, 0.5, 0];
const factorB = [0.5, -1, 2, 0.25];

function update(scaling: number, mask?: readonly number[]): HostTensor {
  const factors = { loraA: tf.tensor2d(factorA, [2, 3]), loraB: tf.tensor2d(factorB, [2, 2]) };
  const call = { x: tf.tensor2d(x, [1, 3]), output: tf.tensor2d(base, [1, 2]), scaling, ...factors };
  return fromTensor(loraLinear(mask === undefined ? call : { ...call, mask: tf.tensor2d([...mask], [1, 3]) }));
}

test.each([
  ['alpha / rank', false, [-3.8, 16.7]],
  ['alpha / √rank', true, [-2.9301515, 20.179394]],
])('adds the scaled update: %s', (_, useRslora, expected) => {
  const scaling = loraScaling(loraSettings.parse({ rank: 2, alpha: 3, useRslora }));
  expectClose(update(scaling), floatTensor([1, 2], expected), { relative: 1e-6, absolute: 1e-6 });
});

test('dropout acts on the low-rank branch alone', () => {
  // Only x[1] = -2 is kept, doubled to -4: A x = [1.6, -2], B A x = [2.8, 2.7].
  expectClose(update(1, [0, 2, 0]), floatTensor([1, 2], [-3.1, 11]), { relative: 1e-6, absolute: 1e-6 });
});

test('gives each position of [batch, sequence, size] what it gives that row', () => {
  const factors = { loraA: tf.tensor2d(factorA, [2, 3]), loraB: tf.tensor2d(factorB, [2, 2]) };
  const rows = tf.tensor2d([x, [0, 1, -1], [2, 2, 0.5], [-3, 0, 0.25], [0, 0, 0], [1, 1, 1]]);
  const outputs = tf.tensor2d([base, [1, 2], [3, -4], [0, 0.5], [7, 8], [-1, 0]]);
  const together = loraLinear({
    x: tf.reshape(rows, [2, 3, 3]),
    output: tf.reshape(outputs, [2, 3, 2]),
    scaling: 1.5,
    ...factors,
  });
  const alone = [0, 1, 2, 3, 4, 5].flatMap((row) => {
    const [input, output] = [tf.slice(rows, row, 1), tf.slice(outputs, row, 1)];
    return [...loraLinear({ x: input, output, scaling: 1.5, ...factors }).dataSync()];
  });
  expectClose(fromTensor(together), floatTensor([2, 3, 2], alone), { relative: 1e-6, absolute: 1e-6 });
  // The first row's is PEFT's, the fifth has nothing to project.
  expect([alone[0], alone[1], alone[8], alone[9]]).toEqual([expect.closeTo(-3.8, 5), expect.closeTo(16.7, 5), 7, 8]);
});

test('says which factor does not fit', () => {
  const call = { x: tf.zeros([1, 3]), output: tf.zeros([1, 2]), scaling: 1 };
  expect(() => loraLinear({ ...call, loraA: tf.zeros([4, 5]), loraB: tf.zeros([2, 4]) })).toThrow(
    'lora: A [4, 5] and B [2, 4] do not fit x [1, 3] and output [1, 2]; expected A [rank, 3] and B [2, rank]',
  );
});
