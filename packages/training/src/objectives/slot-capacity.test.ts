import { expect, it } from 'vitest';
import { slotCapacity } from './objective.ts';

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
])('%i get %i slots', (count, slots) => {
  expect(slotCapacity(count)).toBe(slots);
});
