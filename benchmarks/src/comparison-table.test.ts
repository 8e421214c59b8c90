import { expect, test } from 'vitest';
import type { ComparisonSide } from './comparison.ts';
import { comparisonTable } from './comparison-table.ts';
import { summarize } from './statistics.ts';

const side = (name: string, wallMs: readonly number[], scores: readonly number[]): ComparisonSide => ({
  name,
  wallMs: summarize(wallMs),
  // Records come in the order of their keys, not of their seeds.
  trials: scores.map((score, index) => ({ method: 'lora', task: 'rte', seed: index + 1, steps: 100, score })).reverse(),
});

test('wall times against the fastest peer, scores by seed side by side', () => {
  const sides = [
    side('ours', [4000, 2000], [0.5, 0.75]),
    side('2 x 1', [9000], [0.6, 0.8]),
    side('1 x 2', [6000], [1, 1]),
  ];
  expect(comparisonTable(sides).split('\n')).toEqual([
    '| whole command | fastest s | median s | steps in all | × of the fastest |',
    '| --- | --- | --- | --- | --- |',
    '| ours | 2.0 | 3.0 | 200 | 3.00 |',
    '| 2 x 1 | 9.0 | 9.0 | 200 |  |',
    '| 1 x 2 | 6.0 | 6.0 | 200 |  |',
    '',
    '| mean accuracy, seeds | ours | 2 x 1 | 1 x 2 |',
    '| --- | --- | --- | --- |',
    '| rte lora | 0.625 (0.50, 0.75) | 0.700 (0.60, 0.80) | 1.000 (1.00, 1.00) |',
  ]);
});

test('alone there is nothing to compare with', () => {
  expect(comparisonTable([side('ours', [1000], [0.5])])).toContain('| ours | 1.0 | 1.0 | 100 |  |');
});
