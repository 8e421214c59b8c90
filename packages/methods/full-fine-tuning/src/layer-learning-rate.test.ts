import type { ParameterRole, ParameterSpec } from '@attune/core';
import { expect, test } from 'vitest';
import { layerLearningRateScale } from './method.ts';

function parameter(role: ParameterRole, layer?: number): ParameterSpec {
  const spec = { name: 'p', shape: [1], role, initializer: { kind: 'zeros' }, decay: true } as const;
  return layer === undefined ? spec : { ...spec, layer };
}

test.each([
  ['embeddings', undefined, 0.125],
  ['encoder', 0, 0.25],
  ['encoder', 1, 0.5],
  // Shared by several layers.
  ['encoder', undefined, 0.5],
  ['pooler', undefined, 1],
  ['lm-head', undefined, 1],
  ['classifier', undefined, 1],
] as const)('%s, layer %s of 2, decay 0.5: factor %s', (role, layer, expected) => {
  expect(layerLearningRateScale(parameter(role, layer), 2, 0.5)).toBe(expected);
});

test('decay 1 leaves every rate alone', () => {
  expect(layerLearningRateScale(parameter('embeddings'), 12, 1)).toBe(1);
});
