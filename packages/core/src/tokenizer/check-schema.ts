import type { z } from 'zod';
import { ConfigError } from '../errors.ts';
import { parseWith } from '../schema-issues.ts';

/** A value as a schema makes it. @throws ConfigError listing every problem, nesting without end included */
export function checkSchema<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  return usable(where, () => parseWith(schema, value, `${where}: not a usable tokenizer`));
}

/** What `make` gives; whatever else it throws (a pattern JavaScript cannot have) as a ConfigError. */
export function usable<T>(where: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${where}: not a usable tokenizer: ${(error as Error).message}`, { cause: error });
  }
}
