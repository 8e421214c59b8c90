import { ConfigError, unknownNameMessage } from '@attune/core';
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

  #addIssue(path: string, issue: z.core.$ZodIssue, value: unknown, schema: z.ZodType): void {
    const where = joinPath(path, issue.path);
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(schema, issue.path);
      for (const key of issue.keys) {
        this.add(joinPath(where, [key]), known.length > 0 ? unknownNameMessage('key', key, known) : 'unknown key');
      }
      return;
    }
    this.add(where, `expected ${expectation(issue)}, got ${describe(valueAt(value, issue.path))}`);
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

/** `"8" (a string)`, `-1`, `nothing`. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  const text = JSON.stringify(value) ?? typeof value;
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  if (typeof value === 'string') return `${short} (a string)`;
  if (Array.isArray(value)) return `${short} (an array)`;
  return short;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'an integer' : article(issue.expected);
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return size(issue.origin, issue.minimum, issue.inclusive ? 'at least' : 'more than');
    case 'too_big':
      return size(issue.origin, issue.maximum, issue.inclusive ? 'at most' : 'less than');
    case 'invalid_union':
      return 'one of the allowed forms';
    default:
      return issue.message.replace(/^Invalid \w+: expected /, '').replace(/^expected /, '');
  }
}

function size(origin: string, bound: number | bigint, comparison: string): string {
  if (origin === 'array') return `${comparison} ${bound} item${bound === 1 ? '' : 's'}`;
  if (origin === 'string') return `${comparison} ${bound} character${bound === 1 ? '' : 's'}`;
  return `a number ${comparison} ${bound}`;
}

const article = (noun: string) => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`);

function joinPath(path: string, rest: readonly PropertyKey[]): string {
  return rest.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    path,
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part], value);
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
