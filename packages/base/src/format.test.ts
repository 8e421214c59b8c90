import { expect, test } from 'vitest';
import { bytes, count, duration, flops, listed, percent, points, roundHalfUp, signedPoints } from './text.ts';

test('rounds half up, as the leaderboard does', () => {
  expect([84.55, 89.25, 1.005, -0.25, -0.04].map((value) => roundHalfUp(value, 1))).toEqual([
    '84.6',
    '89.3',
    '1.0',
    '-0.2',
    '0.0',
  ]);
  expect(points(0.8455)).toBe('84.6');
});

test('signs differences', () => {
  expect([0.0123, -0.0123, 0.0001].map(signedPoints)).toEqual(['+1.2', '−1.2', '0.0']);
});

test('groups digits', () => {
  expect([0, 999, 1000, 1234567].map(count)).toEqual(['0', '999', '1,000', '1,234,567']);
});

test('says shares in percent', () => {
  expect([0, 0.00001, 0.00964, 0.05, 0.514, 1].map(percent)).toEqual([
    '0 %',
    '< 0.01 %',
    '0.96 %',
    '5.0 %',
    '51.4 %',
    '100 %',
  ]);
});

test('says bytes, operations and times in fitting units', () => {
  expect([0, 1023, 1536, 5 * 2 ** 20].map(bytes)).toEqual(['0 B', '1023 B', '1.5 KiB', '5.0 MiB']);
  expect([0, 2.5e12, 999_999].map(flops)).toEqual(['0 FLOP', '2.5 TFLOP', '1.0 MFLOP']);
  expect([12.4, 999.9, 61_500, 3_725_000].map(duration)).toEqual(['12 ms', '1.0 s', '1 min 2 s', '1 h 2 min']);
});

test('joins names', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed)).toEqual(['', 'a', 'a and b', 'a, b and c']);
});
