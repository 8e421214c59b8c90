import { expect, test } from 'vitest';
import { studentT95 } from './statistics.ts';

test('gives the printed table’s values', () => {
  expect([1, 2, 4, 9, 30].map(studentT95)).toEqual([12.706, 4.303, 2.776, 2.262, 2.042]);
});

test('takes the next smaller number of degrees between entries', () => {
  expect([2.9, 35, 40, 59, 60, 1000].map(studentT95)).toEqual([4.303, 2.042, 2.021, 2.021, 2.0, 1.98]);
});

test('is undefined without a degree of freedom', () => {
  expect([0, 0.5, Number.NaN].map(studentT95)).toEqual([undefined, undefined, undefined]);
});
