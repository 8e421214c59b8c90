import type { z } from 'zod';

/** One indented line per problem of a value that a schema refused: path, what was expected, what was given. */
export function schemaProblems(error: z.ZodError, value: unknown): string[] {
  return error.issues.map(({ path, message }) => {
    const given = path.reduce<unknown>(
      (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
      value,
    );
    return `  ${path.join('.') || '(root)'}: ${message}, got ${shown(given)}`;
  });
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}
