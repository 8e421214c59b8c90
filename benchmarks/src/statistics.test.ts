import { expect, test } from 'vitest';
import { summarize } from './statistics.ts';

test.each([
  [[3], 3],
  [[4, 1], 2.5],
  [[9, 1, 2], 2],
  [[10, 2, 8, 4], 6],
])('the median of %j is %d', (values, median) => {
  expect(summarize(values)).toEqual({
    median,
    min: Math.min(...values),
    max: Math.max(...values),
    count: values.length,
  });
});

test('refuses to summarise nothing', () => {
  expect(() => summarize([])).toThrow('summarize: expected at least one measurement, got none');
});
