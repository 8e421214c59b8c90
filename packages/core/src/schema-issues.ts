import type { z } from 'zod';

/** One thing that a schema found wrong. */
export type SchemaIssue = z.core.$ZodIssue;

/** What was expected, after the word: `a string`, `one of "up", "down"`, `a number more than 0`. */
export function expectationOf(issue: SchemaIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return withArticle(issue.expected === 'int' ? 'integer' : issue.expected);
    case 'invalid_value':
      return `one of ${issue.values.map(shortJson).join(', ')}`;
    case 'too_small':
      return sizeOf(issue.origin, issue.minimum, issue.inclusive ? 'at least' : 'more than');
    case 'too_big':
      return sizeOf(issue.origin, issue.maximum, issue.inclusive ? 'at most' : 'less than');
    case 'invalid_union':
      return 'one of the allowed forms';
    default:
      return issue.message.replace(/^Invalid \w+: expected /, '').replace(/^expected /, '');
  }
}

/** What stands at a path in a value; undefined where the path leads nowhere. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[part],
    value,
  );
}

/** `"8" (a string)`, `[8] (an array)`, `-1`, `nothing`: the kind is said where one may overlook it. */
export function describeValue(value: unknown): string {
  return typeof value === 'string' || Array.isArray(value) ? withKind(value) : shortJson(value);
}

/** `8 (a number)`. */
export function withKind(value: unknown): string {
  return `${shortJson(value)} (${withArticle(Array.isArray(value) ? 'array' : typeof value)})`;
}

/** A value's JSON, of at most 60 characters; `nothing` for undefined. */
export function shortJson(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function sizeOf(origin: string, bound: number | bigint, comparison: string): string {
  if (origin === 'array') return `${comparison} ${bound} item${bound === 1 ? '' : 's'}`;
  if (origin === 'string') return `${comparison} ${bound} character${bound === 1 ? '' : 's'}`;
  return `a number ${comparison} ${bound}`;
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
