import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  bytes,
  count,
  duration,
  flops,
  listed,
  percent,
  plural,
  points,
  roundHalfUp,
  signedPoints,
  signedRange,
  textTable,
} from './text.ts';

const fraction = fc.double({ min: -1, max: 1, noNaN: true });

it('rounds half up, as the leaderboard does', () => {
  expect([84.55, 89.25, 1.005, -0.25, -0.04].map((value) => roundHalfUp(value, 1))).toEqual([
    '84.6',
    '89.3',
    '1.0',
    '-0.2',
    '0.0',
  ]);
  expect(points(0.8455)).toBe('84.6');
});

it('signs differences', () => {
  expect([0.0123, -0.0123, 0.0001].map(signedPoints)).toEqual(['+1.2', '−1.2', '0.0']);
});

it('groups digits', () => {
  expect([0, 999, 1000, 1234567].map(count)).toEqual(['0', '999', '1,000', '1,234,567']);
});

it('says shares in percent', () => {
  expect([0, 0.00001, 0.00964, 0.05, 0.514, 1].map(percent)).toEqual([
    '0 %',
    '< 0.01 %',
    '0.96 %',
    '5.0 %',
    '51.4 %',
    '100 %',
  ]);
});

it('says bytes, operations and times in fitting units', () => {
  expect([0, 1023, 1536, 5 * 2 ** 20].map(bytes)).toEqual(['0 B', '1023 B', '1.5 KiB', '5.0 MiB']);
  expect([0, 2.5e12, 999_999].map(flops)).toEqual(['0 FLOP', '2.5 TFLOP', '1.0 MFLOP']);
  expect([12.4, 999.9, 61_500, 3_725_000].map(duration)).toEqual(['12 ms', '1.0 s', '1 min 2 s', '1 h 2 min']);
});

it('joins names', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed)).toEqual(['', 'a', 'a and b', 'a, b and c']);
});

it('rounds to the nearest, never prints a negative zero, and keeps order', () => {
  fc.assert(
    fc.property(fraction, fraction, fc.nat(4), (a, b, decimals) => {
      const rounded = Number(roundHalfUp(a, decimals));
      // The cut to 12 digits comes before.
      expect(Math.abs(rounded - a)).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-11);
      expect(roundHalfUp(a, decimals)).not.toMatch(/^-0(\.0*)?$/);
      if (a <= b) expect(rounded).toBeLessThanOrEqual(Number(roundHalfUp(b, decimals)));
    }),
  );
});

it('says a difference by one sign, which no rounded zero has', () => {
  fc.assert(
    fc.property(fraction, (difference) => {
      const text = signedPoints(difference);
      expect(text).toMatch(/^(0\.0|[+−]\d+\.\d)$/);
      expect(Number(text.replace('−', '-'))).toBe(Number(points(difference)));
    }),
  );
  expect(signedRange([-0.012, 0.034])).toBe('−1.2 to +3.4');
});

it('groups digits by three, and only digits', () => {
  fc.assert(
    fc.property(fc.nat(), (value) => {
      expect(count(value)).toMatch(/^\d{1,3}(,\d{3})*$/);
      expect(Number(count(value).replaceAll(',', ''))).toBe(value);
    }),
  );
  expect([plural(1, 'seed'), plural(0, 'seed'), plural(1200, 'row')]).toEqual(['1 seed', '0 seeds', '1,200 rows']);
});

it('prints at most four digits before a unit, each unit while it fits', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (value) => {
      expect(bytes(value)).toMatch(/^(\d{1,4}|\d{1,2}\.\d) ([KMGT]i)?B$/);
      expect(flops(value)).toMatch(/^(\d{1,3}|\d{1,2}\.\d) [kMGTP]?FLOP$/);
    }),
  );
});

it('never says sixty seconds or minutes, nor a thousand milliseconds', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e8, noNaN: true }), (milliseconds) => {
      const text = duration(milliseconds);
      expect(text).toMatch(/^(\d{1,3} ms|\d{1,2}\.\d s|\d{1,2} min \d{1,2} s|\d+ h \d{1,2} min)$/);
      expect(text).not.toMatch(/\b60(\.0)? (s|min)\b/);
    }),
  );
  expect([999.4, 999.5, 59_949, 59_950, 3_599_499, 3_599_500].map(duration)).toEqual([
    ...['999 ms', '1.0 s', '59.9 s', '1 min 0 s', '59 min 59 s', '1 h 0 min'],
  ]);
});

it('keeps a share of 100 % for what is whole, and 0 % for nothing', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
      if (percent(share) === '0 %') expect(share).toBe(0);
      if (percent(share) === '100 %') expect(share).toBeGreaterThanOrEqual(0.9995);
      expect(percent(share)).toMatch(/^(0|100|< 0\.01|0\.\d\d|1\.00|\d{1,2}\.\d) %$/);
    }),
  );
});

it('lines columns up, numbers to the right', () => {
  const rows = [
    ['method', 'mean', 'sd'],
    ['lora', '82.0', '0.2'],
    ['p-tuning', '7', ''],
  ];
  expect(textTable(rows, 1)).toEqual(['method    mean   sd', 'lora      82.0  0.2', 'p-tuning     7']);
  expect(textTable(rows)).toEqual(['method    mean  sd', 'lora      82.0  0.2', 'p-tuning  7']);
});
