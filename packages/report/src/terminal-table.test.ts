import { expect, test } from 'vitest';
import { recordFixture } from '../test/record-fixture.ts';
import { terminalTable } from './terminal-table.ts';

const results = recordFixture({
  arms: [
    { method: 'full-fine-tuning', trainableParameters: 1000, strength: 0.3 },
    { method: 'lora', trainableParameters: 10, strength: 0.1 },
  ],
  tasks: ['boolq', 'cb', 'copa'],
  seeds: [1, 2],
});
const widest = (width: number) =>
  Math.max(
    ...terminalTable(results, { width })
      .split('\n')
      .map((line) => line.length),
  );

test('drops spreads, then tasks, to fit the width', () => {
  expect(terminalTable(results, { width: 100 })).toMatch(/boolq.*\n.*\n.*±/);
  expect(terminalTable(results, { width: 60 })).toMatch(/boolq/);
  expect(terminalTable(results, { width: 60 })).not.toMatch(/±/);
  expect(terminalTable(results, { width: 42 })).not.toMatch(/boolq/);
  for (const width of [100, 60, 42]) expect(widest(width)).toBeLessThanOrEqual(width);
});

test('marks the best of each column', () => {
  expect(terminalTable(results, { width: 60 }).split('\n').slice(0, 4)).toEqual([
    'Method              Mean  boolq     cb   copa  Seeds',
    '─────────────────  ─────  ─────  ─────  ─────  ─────',
    'full-fine-tuning   78.8*  83.8*  75.0*  77.5*     2',
    'lora               60.8   63.8   56.3   62.5      2',
  ]);
});
