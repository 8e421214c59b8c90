import type { z } from 'zod';
import { shortJson, valueAt } from './schema-issues.ts';

/** One indented line per problem of a value that a schema refused: path, what was expected, what was given. */
export function schemaProblems(error: z.ZodError, value: unknown): string[] {
  return error.issues.map(
    ({ path, message }) =>
      `  ${path.join('.') || '(root)'}: ${expectation(message)}, got ${shortJson(valueAt(value, path))}`,
  );
}

/** What was expected, without zod's own words for what was given: that follows, as a value. */
function expectation(message: string): string {
  return message.replace(/^[A-Z][a-z]+ [a-z]+: /, '').replace(/, received .*$/, '');
}
