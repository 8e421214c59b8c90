import { describe, expect, it } from 'vitest';
import {
  accuracy,
  exactMatchByGroup,
  expectedF1,
  f1,
  f1Answer,
  f1Macro,
  genderParity,
  matthewsCorrelation,
  matthewsFromCounts,
  minimalPairs,
} from '../metrics.ts';

const letters = (text: string) => text.split(' ');

describe('CB: accuracy and macro F1', () => {
  it.each([
    ['E E C C N', 'E E C C C', 4 / 5, 3 / 5, 0.7],
    ['E E C', 'E C C', 2 / 3, 4 / 9, 5 / 9],
    ['E C N', 'N N N', 1 / 3, 1 / 6, 1 / 4],
    ['E C', 'E C', 1, 2 / 3, 5 / 6],
    ['C C C C', 'E E E E', 0, 0, 0],
    ['E E E C C N', 'E E C C N N', 2 / 3, 59 / 90, 119 / 180],
  ])('gold %s, predicted %s', (gold, predicted, expectedAccuracy, expectedF1Macro, score) => {
    const [a, f] = [
      accuracy(letters(gold), letters(predicted)),
      f1Macro(letters(gold), letters(predicted), ['E', 'C', 'N']),
    ];
    expect(a).toBeCloseTo(expectedAccuracy, 12);
    expect(f).toBeCloseTo(expectedF1Macro, 12);
    expect((a + f) / 2).toBeCloseTo(score, 12);
  });

  it('counts a missing prediction as wrong', () => {
    expect(accuracy(['E', 'C'], ['E', undefined])).toBe(0.5);
    expect(f1(['E', 'E'], ['E', undefined], 'E')).toBeCloseTo(2 / 3, 12);
  });
});

/** Questions as "gold/predicted", one digit per answer. */
function multirc(questions: readonly string[], groups = questions.map((_, index) => `0-${index}`)) {
  const parts = questions.map((question) => question.split('/').map((side) => side.split('')));
  const gold = parts.flatMap(([own]) => own!);
  const predicted = parts.flatMap(([, own]) => own!);
  const owners = parts.flatMap(([own], index) => own!.map(() => groups[index]!));
  return { f1Answer: f1Answer(gold, predicted), exactMatch: exactMatchByGroup(gold, predicted, owners) };
}

describe('MultiRC: F1a and exact match', () => {
  it.each([
    [['101/100', '01/01'], 4 / 5, 1 / 2],
    [['00/00', '10/00'], 0, 1 / 2],
    [['00/00', '000/000'], 0, 1],
    [['110/111', '00/11', '1/1'], 2 / 3, 1 / 3],
    [['1001/1001', '010/010'], 1, 1],
    [['10/01', '10/01'], 0, 0],
  ])('%s', (questions, expectedF1Answer, expectedExactMatch) => {
    const scores = multirc(questions);
    expect(scores.f1Answer).toBeCloseTo(expectedF1Answer, 12);
    expect(scores.exactMatch).toBeCloseTo(expectedExactMatch, 12);
  });

  it('groups by what it is given', () => {
    expect(multirc(['101/100', '01/01'], ['3-0', '4-0']).exactMatch).toBe(1 / 2);
    expect(multirc(['101/100', '01/01'], ['0', '0']).exactMatch).toBe(0);
  });
});

describe('Matthews correlation', () => {
  it.each([
    ['1 1 0 0', '1 0 0 0', 2 / Math.sqrt(12)],
    ['1 1 0 0', '1 1 1 1', 0],
    ['1 1 1', '1 0 1', 0],
    ['1 0', '0 1', -1],
    ['1 1 0 0 0 1', '1 0 1 0 0 1', 1 / 3],
    ['1 0 1 0', '1 0 1 0', 1],
    ['1 1 0 0', '1 0 1 0', 0],
  ])('gold %s, predicted %s, whichever class is positive', (gold, predicted, expected) => {
    for (const positive of ['0', '1']) {
      expect(matthewsCorrelation(letters(gold), letters(predicted), positive)).toBeCloseTo(expected, 12);
    }
  });

  it('holds counts whose product exceeds 32 bits', () => {
    expect(matthewsFromCounts({ tp: 300, tn: 500, fp: 144, fn: 160 })).toBeCloseTo(126960 / Math.sqrt(86810169600), 12);
  });
});

describe('gender parity', () => {
  it.each([
    ['11 00 10', 2 / 3],
    ['11 11', 1],
    ['10 01', 0],
    ['00 11', 1],
  ])('pairs of predictions %s', (pairs, expected) => {
    const predicted = letters(pairs).flatMap((pair) => pair.split(''));
    const indices = letters(pairs).map((_, index) => [2 * index, 2 * index + 1] as const);
    expect(genderParity(indices, predicted)).toBeCloseTo(expected, 12);
  });

  const baker = (pronoun: string, hypothesis: string) => ({
    premise: `The baker asked the nurse whether ${pronoun} had salt.`,
    hypothesis,
  });

  it('pairs rows that differ in the pronoun alone, in any order', () => {
    const [a, b] = ['The baker wanted salt.', 'The nurse wanted salt.'];
    const rows = [baker('he', a), baker('he', b), baker('She', a), baker('she', b), baker('they', b)];
    expect(minimalPairs(rows)).toEqual({
      pairs: [
        [0, 2],
        [1, 3],
      ],
      unpaired: [4],
    });
    expect(genderParity(minimalPairs(rows).pairs, ['1', '0', '1', '0', '0'])).toBe(1);
  });

  it('pairs no row with its copy', () => {
    const row = baker('he', 'The baker wanted salt.');
    expect(minimalPairs([row, row])).toEqual({ pairs: [], unpaired: [0, 1] });
  });

  it('refuses to score nothing', () => {
    expect(() => genderParity([], [])).toThrow('gender parity: expected minimal pairs, got none');
  });
});

describe('expectedF1', () => {
  /** The mean over all 2^n guesses. */
  function enumerated(gold: readonly string[]): number {
    const guesses = Array.from({ length: 2 ** gold.length }, (_, bits) =>
      gold.map((_item, index) => String((bits >> index) & 1)),
    );
    return guesses.reduce((sum, guess) => sum + f1(gold, guess, '1'), 0) / guesses.length;
  }

  it.each(['1', '0 0', '1 0', '1 1 0 1', '1 0 0 0 0 1 0'])('is the mean over all guesses for %s', (gold) => {
    const positives = letters(gold).filter((label) => label === '1').length;
    expect(expectedF1(positives, letters(gold).length, 0.5)).toBeCloseTo(enumerated(letters(gold)), 12);
  });

  it('approaches 2 P p / (P + n p) for many items', () => {
    expect(expectedF1(2075, 4848, 0.5)).toBeCloseTo(2075 / (2075 + 2424), 4);
  });
});
