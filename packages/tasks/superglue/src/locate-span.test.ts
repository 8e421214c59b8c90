import { describe, expect, it } from 'vitest';
import { locateSpan } from './text.ts';

describe('locateSpan', () => {
  it.each([
    ['the word at the index', 'Ann met Eve and Ann left', 'Ann', 4, 16, 'Ann'],
    ['another case', 'Then the old cat slept', 'The old cat', 1, 5, 'the old cat'],
    ['attached punctuation', 'Ed said: "I saw him,"', 'him', 5, 16, 'him'],
    ['one later', 'we use it here', 'it', 1, 7, 'it'],
    ['one earlier', 'we use it here', 'it', 3, 7, 'it'],
    ['a run of blanks and a line feed', 'the  old\ncat', 'old cat', 1, 5, 'old\ncat'],
    ['a possessive', "Zoe's cat saw Zoe's dog", 'Zoe', 3, 14, 'Zoe'],
    ['a wrong index: the nearest occurrence', 'it is here and it was there and it will be', 'it', 6, 15, 'it'],
    ['an index outside the text', 'it is here', 'it', 99, 0, 'it'],
    ['a hyphen', 'we saw Anne-Lu leave', 'Anne-Lu', 9, 7, 'Anne-Lu'],
    ['regular expression characters', 'the A+B (c) firm', 'A+B (c)', 7, 4, 'A+B (c'],
  ])('%s', (_title, text, span, index, start, found) => {
    const located = locateSpan(text, span, index)!;
    expect(located.start).toBe(start);
    expect(text.slice(located.start, located.end)).toBe(found);
  });

  it('is quick with texts and spans of any length', () => {
    const [text, span] = ['a '.repeat(50_000), 'a '.repeat(20_000)];
    const started = performance.now();
    expect(locateSpan(`${text}b`, `${span}b`, 0)).toEqual({ start: 60_000, end: 100_001 });
    expect(locateSpan('a'.repeat(50_000), `${'a'.repeat(50_000)}b`, 0)).toBeUndefined();
    expect(locateSpan(`a${'.'.repeat(100_000)}b`, 'b', 7)).toEqual({ start: 100_001, end: 100_002 });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('finds nothing where there is nothing', () => {
    expect(locateSpan('Ann met Eve', 'Bob', 0)).toBeUndefined();
    expect(locateSpan('Annie met Eve', 'Ann', 0)).toBeUndefined();
    expect(locateSpan('Ann', '', 0)).toBeUndefined();
  });
});
