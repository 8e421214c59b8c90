import { expectationOf, type SchemaIssue, shortJson, valueAt, withKind } from '../schema-issues.ts';

/**
 * One problem of a parsed line in the form `field: expected what, got value (a type)`.
 * The value is read back from the line, so that the message shows what stands in the file.
 */
export function describeProblem(issue: SchemaIssue, line: unknown): string {
  const where = issue.path.map(String).join('.');
  const given = describeValue(valueAt(line, issue.path));
  return `${where === '' ? 'the line' : where}: expected ${expectation(issue)}, got ${given}`;
}

/** Shorter than others', as the kind of what was given follows. */
function expectation(issue: SchemaIssue): string {
  if (issue.code === 'invalid_value') return oneOf(issue.values.map(shortJson));
  return expectationOf(issue).replace(/^a number (?=at least )/, '');
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing (the field is missing)';
  return value === null ? 'null' : withKind(value);
}

function oneOf(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
