import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * One problem of a parsed line in the form `field: expected what, got value (a type)`.
 * The value is read back from the line, so that the message shows what stands in the file.
 */
export function describeProblem(issue: Issue, line: unknown): string {
  const where = issue.path.map(String).join('.');
  const given = describeValue(valueAt(line, issue.path));
  return `${where === '' ? 'the line' : where}: expected ${expectation(issue)}, got ${given}`;
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return article(issue.expected === 'int' ? 'integer' : issue.expected);
    case 'invalid_value':
      return oneOf(issue.values.map((value) => JSON.stringify(value) ?? String(value)));
    case 'too_small':
      return `at least ${issue.minimum}`;
    default:
      return issue.message;
  }
}

function valueAt(line: unknown, path: readonly PropertyKey[]): unknown {
  let value = line;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing (the field is missing)';
  if (value === null) return 'null';
  const kind = Array.isArray(value) ? 'array' : typeof value;
  const text = JSON.stringify(value);
  return `${text.length > 60 ? `${text.slice(0, 57)}...` : text} (${article(kind)})`;
}

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

function oneOf(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
