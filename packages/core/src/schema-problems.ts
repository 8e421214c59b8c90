import type { z } from 'zod';

/** One indented line per problem of a value that a schema refused: path, what was expected, what was given. */
export function schemaProblems(error: z.ZodError, value: unknown): string[] {
  return error.issues.map(({ path, message }) => {
    const given = path.reduce<unknown>(
      (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
      value,
    );
    return `  ${path.join('.') || '(root)'}: ${expectation(message)}, got ${shown(given)}`;
  });
}

/** What was expected, without zod's own words for what was given: that follows, as a value. */
function expectation(message: string): string {
  return message.replace(/^[A-Z][a-z]+ [a-z]+: /, '').replace(/, received .*$/, '');
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}
