import { describe, expect, it } from 'vitest';
import { exactMatch, f1Token, normalizeAnswer } from '../metrics.ts';

describe('ReCoRD: token F1 and exact match', () => {
  it.each([
    ['The White House', ['White House'], 'white house', 1, 1],
    ['Barack Obama', ['Obama', 'President Barack Obama'], 'barack obama', 4 / 5, 0],
    ["St. Mary's", ['St Marys'], 'st marys', 1, 1],
    ['U.S.', ['US', 'United States'], 'us', 1, 1],
    ['London', ['Paris'], 'london', 0, 0],
    ['the', ['a'], '', 0, 1],
    ['New York New York', ['New York'], 'new york new york', 2 / 3, 0],
    ['Jean-Luc', ['Jean Luc'], 'jeanluc', 0, 0],
    ['Léa', ['léa'], 'léa', 1, 1],
    ['Léa', ['L'], 'léa', 0, 0],
    ['O\u2019Neill', ["O'Neill"], 'o\u2019neill', 0, 0],
    ['Los Angeles Times', ['Los Angeles', 'The Times'], 'los angeles times', 4 / 5, 0],
    ['Anna the Great', ['great anna'], 'anna great', 1, 0],
  ])('%s against %s', (predicted, golds, normalized, expectedF1, expectedExactMatch) => {
    expect(normalizeAnswer(predicted)).toBe(normalized);
    expect(f1Token(predicted, golds)).toBeCloseTo(expectedF1, 12);
    expect(exactMatch(predicted, golds)).toBe(expectedExactMatch);
  });

  it('splits where Python splits', () => {
    expect(normalizeAnswer('\ufeffx y\u0085z\u001cw\u00a0v')).toBe('\ufeffx y z w v');
  });

  it('finds nothing without right answers', () => {
    expect([f1Token('x', []), exactMatch('x', [])]).toEqual([0, 0]);
  });
});
