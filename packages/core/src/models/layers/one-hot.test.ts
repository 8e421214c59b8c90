import { floatTensor } from '@attune/base';
import { expectClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { fromTensor } from '../../device-tensors.ts';
import { oneHot } from './one-hot.ts';

const exact = { relative: 0, absolute: 0 };

test('has a column for each index, also for a single one', () => {
  const indices = tf.tensor1d([1, 0, -1, 2], 'int32');
  expectClose(fromTensor(oneHot(indices, 2)), floatTensor([4, 2], [0, 1, 1, 0, 0, 0, 0, 0]), exact);
  expectClose(fromTensor(oneHot(indices, 1)), floatTensor([4, 1], [0, 1, 0, 0]), exact);
  expect(oneHot(indices, 1, 'int32').dtype).toBe('int32');
});
