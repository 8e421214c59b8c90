import { randomSource } from '@attune/base';
import { countParameters, initializeParameters } from '@attune/core';
import { describe, expect, test } from 'vitest';
import { type PromptShape, promptParameters } from './prompt-encoder.ts';

function count(shape: PromptShape): number {
  return countParameters(promptParameters(shape));
}

describe('parameter counts of the released encoders', () => {
  test.each([
    ['LAMA', 768, 9, 8_278_272],
    ['LAMA', 768, 6, 8_275_968],
    ['LAMA', 1024, 9, 14_707_712],
    ['LAMA', 1024, 6, 14_704_640],
    ['LAMA', 1600, 6, 35_878_400],
  ])('%s, width %i, %i pseudo tokens: %i', (_, width, numVirtualTokens, expected) => {
    expect(count({ encoder: 'lstm', lstmHiddenSize: 'half', width, numVirtualTokens })).toBe(expected);
  });

  test.each([
    ['lstm', 128, 708_864],
    ['lstm', 768, 25_388_544],
    ['lstm', 1024, 45_123_584],
    ['mlp', 128, 33_024],
    ['identity', 128, 0],
  ] as const)('few-shot %s, width %i: %i and one row per pseudo token', (encoder, width, expected) => {
    const shape = { encoder, lstmHiddenSize: 'full', width } as const;
    expect(count({ ...shape, numVirtualTokens: 1 })).toBe(expected + width);
    expect(count({ ...shape, numVirtualTokens: 3 })).toBe(expected + 3 * width);
  });

  test('units may be given as a number', () => {
    const half = { encoder: 'lstm', lstmHiddenSize: 'half', width: 64, numVirtualTokens: 2 } as const;
    expect(promptParameters({ ...half, lstmHiddenSize: 32 })).toEqual(promptParameters(half));
  });
});

test('initial values stay in the bounds of the framework defaults', () => {
  const shape = { encoder: 'lstm', lstmHiddenSize: 16, width: 64, numVirtualTokens: 50 } as const;
  const values = initializeParameters(promptParameters(shape), randomSource(1));
  const largest = (name: string) => Math.max(...values.get(`prompt_encoder.${name}`)!.data.map(Math.abs));
  // Of so many draws the largest is all but at the bound.
  expect(largest('lstm_head.weight_ih_l0')).toBeCloseTo(1 / 4, 2);
  expect(largest('lstm_head.weight_hh_l1_reverse')).toBeCloseTo(1 / 4, 2);
  expect(largest('mlp_head.0.weight')).toBeCloseTo(1 / Math.sqrt(32), 2);
  expect(largest('mlp_head.2.weight')).toBeCloseTo(1 / 8, 2);
  expect(largest('embedding.weight')).toBeGreaterThan(3);
});
