import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeValue, expectationOf, shortJson, valueAt, withKind } from './schema-issues.ts';

describe('expectationOf', () => {
  it.each<[z.ZodType, unknown, string]>([
    [z.string(), 3, 'a string'],
    [z.int(), 0.5, 'an integer'],
    [z.array(z.string()), {}, 'an array'],
    [z.enum(['up', 'down']), 'left', 'one of "up", "down"'],
    [z.number().positive(), 0, 'a number more than 0'],
    [z.number().min(0).lt(1), 1, 'a number less than 1'],
    [z.array(z.string()).min(1), [], 'at least 1 item'],
    [z.string().min(2), '', 'at least 2 characters'],
    [z.union([z.string(), z.null()]), 3, 'one of the allowed forms'],
    [z.string().refine(() => false, 'expected a name'), 'x', 'a name'],
  ])('%#: %j', (schema, value, expected) => {
    const [issue] = schema.safeParse(value).error!.issues;
    expect(expectationOf(issue!)).toBe(expected);
  });
});

describe('values in messages', () => {
  it('are read back by their path', () => {
    expect(valueAt({ a: [{ b: 3 }] }, ['a', 0, 'b'])).toBe(3);
    expect(valueAt({ a: null }, ['a', 0, 'b'])).toBeUndefined();
  });

  it('have at most 60 characters, and their kind where it may be overlooked', () => {
    expect([8, '8', [8], null, undefined].map(describeValue)).toEqual([
      '8',
      '"8" (a string)',
      '[8] (an array)',
      'null',
      'nothing',
    ]);
    expect(withKind(8)).toBe('8 (a number)');
    expect(shortJson('x'.repeat(90))).toBe(`"${'x'.repeat(56)}...`);
  });
});
