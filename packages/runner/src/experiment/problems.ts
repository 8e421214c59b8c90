import { ConfigError, describeValue, expectationOf, type SchemaIssue, unknownNameMessage, valueAt } from '@attune/core';
import type { z } from 'zod';

/** Collects what is wrong with a configuration, so that one error lists all of it. */
export class Problems {
  readonly #file: string;
  readonly #lines: string[] = [];

  /** @param file  how the configuration's file is named in messages */
  constructor(file: string) {
    this.#file = file;
  }

  add(path: string, message: string): void {
    this.#lines.push(`${this.#file}: ${path === '' ? '' : `${path}: `}${message}`);
  }

  get none(): boolean {
    return this.#lines.length === 0;
  }

  /** A problem of the command line, not of the file. */
  addOption(option: string, message: string): void {
    this.#lines.push(`${option}: ${message}`);
  }

  /** Checks a value; on success returns it parsed, else adds each issue under `path` and returns undefined. */
  check<Value>(path: string, schema: z.ZodType<Value>, value: unknown): Value | undefined {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) this.#addIssue(path, issue, value, schema);
    return undefined;
  }

  /** @throws ConfigError with every problem, one per line */
  throwIfAny(): void {
    if (this.#lines.length > 0) throw new ConfigError(this.#lines.join('\n'));
  }

  #addIssue(path: string, issue: SchemaIssue, value: unknown, schema: z.ZodType): void {
    const where = joinPath(path, issue.path);
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(schema, issue.path);
      for (const key of issue.keys) {
        this.add(joinPath(where, [key]), known.length > 0 ? unknownNameMessage('key', key, known) : 'unknown key');
      }
      return;
    }
    this.add(where, `expected ${expectationOf(issue)}, got ${describeValue(valueAt(value, issue.path))}`);
  }
}

/** What a list holds more than once, each once. */
export function repeated<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** As `unknownNameMessage`, without a list where nothing is known. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  return known.length === 0 ? `unknown ${kind} "${name}"` : unknownNameMessage(kind, name, known);
}

function joinPath(path: string, rest: readonly PropertyKey[]): string {
  return rest.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    path,
  );
}

/** The keys an object schema has at a path; none where the schema is no plain object. */
function knownKeys(schema: unknown, path: readonly PropertyKey[]): string[] {
  let inner = unwrap(schema);
  for (const part of path) inner = unwrap(inner?.shape?.[part as string] ?? inner?.element);
  return Object.keys(inner?.shape ?? {});
}

interface SchemaParts {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly element?: unknown;
  readonly unwrap?: () => unknown;
}

function unwrap(schema: unknown): SchemaParts | undefined {
  let inner = schema as SchemaParts | undefined;
  while (inner !== undefined && inner.shape === undefined && typeof inner.unwrap === 'function') {
    inner = inner.unwrap() as SchemaParts;
  }
  return inner;
}
