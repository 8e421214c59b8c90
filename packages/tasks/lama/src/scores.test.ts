import { describe, expect, it } from 'vitest';
import { macroMean, probeScores, rankOf } from './scores.ts';

describe('rankOf', () => {
  it('counts from 1, and of equal scores the one in front ranks first', () => {
    expect([0, 1, 2, 3].map((place) => rankOf([0.5, 2, 0.5, -1], place))).toEqual([2, 1, 3, 4]);
  });

  it('leaves out places that do not take part, but never its own', () => {
    const scores = [0.5, 2, 0.5, -1];
    expect([0, 1, 2, 3].map((place) => rankOf(scores, place, new Set([1, 2])))).toEqual([1, 1, 2, 2]);
  });
});

describe('probeScores', () => {
  it('counts ranks of 1, ranks up to 10, reciprocals, and the most frequent object', () => {
    expect(probeScores([1, 2, 10, 11], ['a', 'b', 'b', 'b'])).toEqual({
      precisionAt1: 0.25,
      precisionAt10: 0.75,
      meanReciprocalRank: (1 + 1 / 2 + 1 / 10 + 1 / 11) / 4,
      majority: 0.75,
    });
  });
});

describe('macroMean', () => {
  it('weighs relations alike, whatever their number of facts', () => {
    const relations = [probeScores([1], ['a']), probeScores([2, 2, 2], ['a', 'b', 'c'])];
    expect(macroMean(relations)).toEqual({
      precisionAt1: 0.5,
      precisionAt10: 1,
      meanReciprocalRank: 0.75,
      majority: (1 + 1 / 3) / 2,
    });
  });
});
