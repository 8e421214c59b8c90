import { floatTensor } from '@attune/base';
import { fromTensor } from '@attune/core';
import { expectClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { placePrompts } from './place-prompts.ts';

const exact = { relative: 0, absolute: 0 };
const words = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const prompts = [-1, -2, -3, -4];
// First row: an ordinary word, then pseudo tokens 2 and 1. Second row: pseudo token 2 alone.
const index = [0, 2, 1, 0, 2, 0];

function place(embeddings: tf.Tensor, table: tf.Tensor): tf.Tensor3D {
  return placePrompts(embeddings as tf.Tensor3D, table as tf.Tensor2D, tf.tensor2d(index, [2, 3], 'int32'));
}

test('row k - 1 stands where the index is k', () => {
  const placed = place(tf.tensor3d(words, [2, 3, 2]), tf.tensor2d(prompts, [2, 2]));
  expectClose(fromTensor(placed), floatTensor([2, 3, 2], [1, 2, -3, -4, -1, -2, 7, 8, -3, -4, 11, 12]), exact);
});

test('gradients go to prompts where they stand, to words elsewhere', () => {
  const weights = tf.tensor3d([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048], [2, 3, 2]);
  const loss = (embeddings: tf.Tensor, table: tf.Tensor) => tf.sum(tf.mul(place(embeddings, table), weights));
  const [toWords, toPrompts] = tf.grads(loss)([tf.tensor3d(words, [2, 3, 2]), tf.tensor2d(prompts, [2, 2])]);
  expectClose(fromTensor(toWords!), floatTensor([2, 3, 2], [1, 2, 0, 0, 0, 0, 64, 128, 0, 0, 1024, 2048]), exact);
  expectClose(fromTensor(toPrompts!), floatTensor([2, 2], [16, 32, 4 + 256, 8 + 512]), exact);
});

test('one pseudo token is placed like several', () => {
  const once = (table: tf.Tensor) =>
    placePrompts(
      tf.tensor3d(words.slice(0, 6), [1, 3, 2]),
      table as tf.Tensor2D,
      tf.tensor2d([0, 1, 0], [1, 3], 'int32'),
    );
  const table = tf.tensor2d([-1, -2], [1, 2]);
  expectClose(fromTensor(once(table)), floatTensor([1, 3, 2], [1, 2, -1, -2, 5, 6]), exact);
  const gradient = tf.grad((prompts: tf.Tensor) => tf.sum(once(prompts)))(table);
  expectClose(fromTensor(gradient), floatTensor([1, 2], [1, 1]), exact);
});

test('no tensors are left behind', () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => void place(tf.tensor3d(words, [2, 3, 2]), tf.tensor2d(prompts, [2, 2])));
  expect(tf.memory().numTensors).toBe(before);
});
