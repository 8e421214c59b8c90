import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createNormalizer } from '../normalizers/create-normalizer.ts';
import { createPreTokenizer } from '../pre-tokenizers.ts';
import { splitPiece } from '../split-text.ts';
import { regexFinder } from './find-matches.ts';

interface Fixture {
  readonly patterns: readonly (readonly [pattern: string, pieces: Readonly<Record<string, readonly string[]>>])[];
  readonly newer: readonly {
    readonly text: string;
    readonly bert: readonly string[];
    readonly words: readonly string[];
    readonly lower: string;
    readonly forms: readonly string[];
  }[];
}
const file = new URL('../../test/fixtures/patterns.json', import.meta.url);
const { patterns, newer } = JSON.parse(readFileSync(file, 'utf8')) as Fixture;
const pieces = (pattern: string, text: string) =>
  splitPiece({ text, isFirst: true }, regexFinder(pattern), 'Isolated').map((piece) => piece.text);
const refusal = (make: () => unknown) => {
  try {
    make();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('regexFinder', () => {
  it('matches what the reference library matches, on random patterns', () => {
    const refused = patterns.filter(([pattern]) => refusal(() => regexFinder(pattern)) !== undefined);
    const kept = patterns.filter((each) => !refused.includes(each));
    for (const [pattern, wanted] of kept) {
      const given = Object.keys(wanted).map((text) => [text, pieces(pattern, text)]);
      expect([pattern, Object.fromEntries(given)]).toEqual([pattern, wanted]);
    }
    expect(kept.length).toBeGreaterThan(380);
    const messages = new Set(refused.map(([pattern]) => refusal(() => regexFinder(pattern))));
    expect([...messages]).toEqual(['a regular expression that repeats what may be empty is not supported']);
  });

  it.each<[pattern: string, text: string, count: number]>([
    ['(a+)+$', `${'a'.repeat(40)}!`, 0],
    ['(a+)+$', `${'a'.repeat(50_000)}!`, 0],
    ['a+b', 'a'.repeat(50_000), 0],
    ['(a|aa)+b', 'a'.repeat(50_000), 0],
    ['(?>a*)b', 'a'.repeat(50_000), 0],
    ['(?!a*c)a', 'a'.repeat(20_000), 20_000],
  ])('%s ends on any text', (pattern, text, count) => {
    expect(regexFinder(pattern)(text)).toHaveLength(count);
  });

  it('gives up where a pattern takes far more steps than any in use, and says so', () => {
    expect(() => regexFinder('(?<!a{900})a')('a'.repeat(100_000))).toThrow(
      'a regular expression of 904 steps takes too long for a text of 100000 characters',
    );
  });

  it.each<[pattern: string, message: string]>([
    ['(a', 'regular expression "(a": a ( without its ) at 2'],
    ['(a)\\1', 'a reference to a group is not supported'],
    ['\\p{Klingon}', 'the property Klingon is not supported'],
    ['((a{1,30}){1,30}){1,30}', 'a regular expression of more than 1000 steps'],
    ['(?<=a+)b', 'looks behind by a length that varies is not supported'],
    ['(a*)*', 'repeats what may be empty is not supported'],
    ['['.repeat(200), 'more than 100 classes inside each other'],
  ])('refuses %s', (pattern, message) => {
    expect(() => regexFinder(pattern)).toThrow(message);
  });
});

describe("characters newer than some of the reference library's tables", () => {
  it.each(newer.map((each) => [each.text, each] as const))('%s', (text, { bert, words, lower, forms }) => {
    const cut = (type: 'BertPreTokenizer' | 'Whitespace') =>
      createPreTokenizer({ type })({ text, isFirst: true }).map((piece) => piece.text);
    expect(cut('BertPreTokenizer')).toEqual(bert);
    expect(cut('Whitespace')).toEqual(words);
    expect(createNormalizer({ type: 'Lowercase' })(text)).toBe(lower);
    const made = (['NFC', 'NFD', 'NFKC', 'NFKD'] as const).map((type) => createNormalizer({ type })(text));
    expect(made).toEqual(forms);
  });
});
