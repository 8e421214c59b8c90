import { floatTensor } from '@attune/base';
import { expectAllClose } from '@attune/testing';
import { expect, test } from 'vitest';
import { mergeLora } from './merge.ts';

const targets = [{ kind: 'query', name: 'layer.query', layer: 0, inputSize: 3, outputSize: 2 }] as const;
const values = new Map([
  ['layer.query.weight', floatTensor([2, 3], [1, 2, -1, 0.5, -1, 2])],
  ['layer.query.bias', floatTensor([2], [0.1, -0.2])],
  ['layer.query.lora_A.weight', floatTensor([2, 3], [0.2, -0.4, 0.6, 1, 0.5, 0])],
  ['layer.query.lora_B.weight', floatTensor([2, 2], [0.5, -1, 2, 0.25])],
]);

// Results computed with PEFT.
test.each([
  [1.5, [-0.35, 0.95, -0.55, 1.475, -2.0125, 3.8]],
  [3 / Math.SQRT2, [-0.9091882, 0.5150758, -0.3636038, 1.8788581, -2.4318912, 4.5455847]],
])('W + %f · B A, without the factors', (scaling, expected) => {
  expectAllClose(
    mergeLora({ values, targets, scaling }),
    new Map([
      ['layer.query.weight', floatTensor([2, 3], expected)],
      ['layer.query.bias', floatTensor([2], [0.1, -0.2])],
    ]),
    { relative: 1e-6, absolute: 1e-6 },
  );
});

test('is transposed where the weight is stored as [inputSize, outputSize]', () => {
  const stored = new Map(values).set('layer.query.weight', floatTensor([3, 2], [1, 0.5, 2, -1, -1, 2]));
  const merged = mergeLora({ values: stored, targets: [{ ...targets[0]!, fanInFanOut: true }], scaling: 1.5 });
  expectAllClose(
    new Map([['weight', merged.get('layer.query.weight')!]]),
    new Map([['weight', floatTensor([3, 2], [-0.35, 1.475, 0.95, -2.0125, -0.55, 3.8])]]),
    { relative: 1e-6, absolute: 1e-6 },
  );
});

test('leaves its input alone', () => {
  mergeLora({ values, targets, scaling: 1.5 });
  expect([...values.get('layer.query.weight')!.data]).toEqual([1, 2, -1, 0.5, -1, 2]);
});

test('names a factor that is missing', () => {
  const some = new Map(values);
  some.delete('layer.query.lora_B.weight');
  expect(() => mergeLora({ values: some, targets, scaling: 1 })).toThrow(
    'lora: merge: expected a tensor "layer.query.lora_B.weight", got none',
  );
});
