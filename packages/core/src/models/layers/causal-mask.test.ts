import { randomSource, type Tensors } from '@attune/base';
import { checkGradients, expectClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compute, exact, randomTensors, taken, weighted } from '../../../test/layer-checks.ts';
import { toTensors } from '../../device-tensors.ts';
import { attention, causalMask } from './attention.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const attentionMask = () =>
  tf.tensor2d(
    [
      [1, 1, 1, 0],
      [0, 1, 1, 1],
    ],
    [2, 4],
    'int32',
  );
const seen = (rows?: tf.Tensor2D) =>
  [...compute(() => causalMask(attentionMask(), rows)).data].map((value) => (value === 0 ? 1 : 0));

describe('causalMask', () => {
  it('shows each position itself and what is before it, but no padding on either side', () => {
    expect(seen()).toEqual([
      ...[1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0],
      ...[0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1],
    ]);
  });

  it('is gathered for the query rows', () => {
    const rows = tf.tensor2d([1, 2, 4, 7], [2, 2], 'int32');
    expect(seen(rows)).toEqual([1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
  });
});

describe('attention with fewer keys than heads', () => {
  const grouped = randomTensors({ query: [8, 8], key: [8, 4], value: [8, 4] });
  const base = { batchSize: 2, numHeads: 4, dropout: (probabilities: tf.Tensor4D) => probabilities };
  const call = (tensors: Tensors) => ({
    ...base,
    query: taken<tf.Tensor2D>(tensors, 'query'),
    key: taken<tf.Tensor2D>(tensors, 'key'),
    value: taken<tf.Tensor2D>(tensors, 'value'),
    mask: causalMask(attentionMask()),
  });
  /** Every key's two dimensions twice in a row: once for each of the two heads it serves. */
  const repeated = (rows: tf.Tensor2D): tf.Tensor2D =>
    tf.gather(rows, tf.tensor1d([0, 1, 0, 1, 2, 3, 2, 3], 'int32'), 1);

  it('is attention whose keys and values are repeated for neighbouring heads', () => {
    const own = call(toTensors(grouped));
    const expected = compute(() => attention({ ...own, key: repeated(own.key), value: repeated(own.value) }));
    expectClose(
      compute(() => attention({ ...own, numKeyValueHeads: 2 })),
      expected,
      exact,
    );
  });

  it('has the gradients that central differences give', async () => {
    // A position of padding on the left sees nothing, and at -10⁹ a score has no digits left to differ in.
    const mask = () => causalMask(tf.tensor2d([1, 1, 1, 1, 1, 1, 0, 0], [2, 4], 'int32'));
    const loss = (tensors: Tensors) => weighted(attention({ ...call(tensors), mask: mask(), numKeyValueHeads: 2 }));
    await checkGradients({ loss, values: grouped, random: randomSource(6) });
  });

  it('takes a factor on the scores: 0 mixes all that is visible evenly', () => {
    const own = call(toTensors(grouped));
    const { data } = compute(() => attention({ ...own, numKeyValueHeads: 2, scale: 0 }));
    const values = grouped.get('value')!.data;
    expect(data[8]).toBeCloseTo((values[0]! + values[4]!) / 2, 6);
  });
});
