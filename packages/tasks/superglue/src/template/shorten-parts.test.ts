import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shortenParts } from './lay-out-template.ts';

const fixed = { ids: [0, 0, 0, 0, 0, 0] };

describe('shortenParts', () => {
  it('keeps of two texts what the fast tokenizers keep (longest_first), special tokens counted', () => {
    const file = new URL('../../test/fixtures/longest-first.json', import.meta.url);
    const { rows } = JSON.parse(readFileSync(file, 'utf8')) as { rows: [number, number, number, number, number][] };
    const text = (length: number) => ({ ids: Array.from({ length }, (_, id) => id), shorten: 'end' as const });
    const special = (count: number) => ({ ids: new Array<number>(count).fill(0) });
    for (const [first, second, maxLength, ...kept] of rows) {
      const parts = [special(1), text(first), special(1), text(second), special(1)];
      const shortened = shortenParts(parts, first + second + 3 - maxLength);
      const lengths = shortened?.flatMap(({ ids }, index) => (index % 2 === 1 ? [ids.length] : []));
      expect({ first, second, maxLength, kept: lengths }).toEqual({ first, second, maxLength, kept });
    }
  });

  it('levels three texts, and leaves what is fixed', () => {
    const text = (...ids: number[]) => ({ ids, shorten: 'end' as const });
    const parts = [text(1, 2, 3, 4), fixed, text(5, 6), text(7, 8, 9)];
    const kept = (excess: number) => shortenParts(parts, excess)?.map(({ ids }) => ids.length);
    expect([1, 2, 3, 4, 9].map(kept)).toEqual([
      [3, 6, 2, 3],
      [3, 6, 2, 2],
      [2, 6, 2, 2],
      [2, 6, 1, 2],
      [0, 6, 0, 0],
    ]);
  });

  it('takes from the side that is asked for', () => {
    expect(shortenParts([{ ids: [1, 2, 3], shorten: 'start' }], 2)).toEqual([{ ids: [3], shorten: 'start' }]);
  });

  it('leaves everything when nothing is too long', () => {
    const parts = [fixed, { ids: [1], shorten: 'end' as const }];
    expect(shortenParts(parts, 0)).toEqual(parts);
    expect(shortenParts(parts, -5)).toEqual(parts);
  });

  it('says when there is not enough to take', () => {
    expect(shortenParts([fixed, { ids: [1], shorten: 'end' }], 2)).toBeUndefined();
  });
});
