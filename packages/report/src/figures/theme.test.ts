import { expect, test } from 'vitest';
import { armColor, armColors, armShape } from './theme.ts';

const arms = Array.from({ length: 24 }, (_, index) => index);

test('twelve arms have colours of their own, on a light page and on a dark one', () => {
  expect(new Set(armColors.map(({ light }) => light)).size).toBe(12);
  expect(new Set(armColors.map(({ dark }) => dark)).size).toBe(12);
});

test('no two of 24 arms look alike', () => {
  expect(new Set(arms.map((arm) => `${armColor(arm)} ${armShape(arm)}`)).size).toBe(24);
});
