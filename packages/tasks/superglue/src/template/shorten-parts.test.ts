import { describe, expect, it } from 'vitest';
import { shortenParts } from './lay-out-template.ts';

const fixed = { ids: [0, 0, 0, 0, 0, 0] };

describe('shortenParts', () => {
  it('takes from the longest first, from the later one on ties', () => {
    const parts = [{ ids: [1, 2, 3, 4], shorten: 'end' as const }, fixed, { ids: [5, 6], shorten: 'end' as const }];
    expect(shortenParts(parts, 2)?.map((part) => part.ids)).toEqual([[1, 2], fixed.ids, [5, 6]]);
    expect(shortenParts(parts, 3)?.map((part) => part.ids)).toEqual([[1, 2], fixed.ids, [5]]);
    expect(shortenParts(parts, 6)?.map((part) => part.ids)).toEqual([[], fixed.ids, []]);
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
