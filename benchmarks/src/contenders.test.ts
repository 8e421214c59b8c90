import { expect, test } from 'vitest';
import { alternate, contenderTable, shapesNamed } from './contenders.ts';

test('takes turns, each once before anything is timed', async () => {
  const order: string[] = [];
  const contender = (name: string) => ({ name, run: async () => void order.push(name) });
  const rows = await alternate([contender('a'), contender('b')], { shape: '2x128', rounds: 2 });
  expect(order.join('')).toBe('ababab');
  expect(rows.map(({ name, ms, ratio }) => [name, ms.count, ratio > 0])).toEqual([
    ['a', 2, true],
    ['b', 2, true],
  ]);
});

test('prints medians, ranges and ratios', () => {
  const ms = { median: 3, min: 2, max: 4.25, count: 5 };
  expect(contenderTable([{ shape: '2x128', name: 'nothing', ms, ratio: 1.5 }], 'without')).toBe(
    [
      '| shape | without | ms | times | by the first |',
      '| --- | --- | --: | --: | --: |',
      '| 2x128 | nothing | 3.0 (2.0–4.3) | 5 | 1.500 |',
    ].join('\n'),
  );
});

test('an unknown shape is refused with the known ones', () => {
  expect(() => shapesNamed(['3x3'])).toThrow(
    'unknown shape "3x3". Known: 2x128, 4x256, 6x384, 12x768, bert-base-uncased, gpt2, llama-135m',
  );
});
