import { expect, it } from 'vitest';
import { maskCapacity } from './mask-capacity.ts';

it.each([
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 4],
  [5, 6],
  [6, 6],
  [7, 8],
  [9, 12],
  [13, 16],
  [17, 24],
])('%i masks get %i slots', (masks, slots) => {
  expect(maskCapacity(masks)).toBe(slots);
});
