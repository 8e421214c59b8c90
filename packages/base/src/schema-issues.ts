import type { z } from 'zod';
import { ConfigError, nearestNames, unknownNameMessage } from './errors.ts';
import { shownLine } from './safe-text.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** A zod schema that a value is checked by. */
export type Schema<Value> = z.ZodType<Value>;

/** A value as its schema makes it, or what is wrong with it. */
type Checked<Value> =
  | { readonly value: Value; readonly problems?: never }
  | { readonly value?: never; readonly problems: readonly string[] };

/**
 * Checks a value and says in words what is wrong with it, everything at once, one sentence each: where, what was
 * expected, what was given, and what would work where a name is mistyped.
 *
 *     arms[1].settings.rank: expected a number, got "8" (a string)
 *     titel: unknown key "titel"; did you mean "title"? Known: name, title
 *
 * @param place  what paths begin with, e.g. `arms[1]`; a problem of the value as a whole stands without a path
 */
export function checkWith<Value>(schema: Schema<Value>, value: unknown, place = ''): Checked<Value> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const whole: Given = { value, schema, place };
  return { problems: parsed.error.issues.flatMap((issue) => sentences(issue, [], whole)) };
}

/**
 * The value as its schema makes it.
 *
 * @param refusal  first line of the error: file and what it is not, e.g. `config.json: not a usable BERT configuration`
 * @throws ConfigError with that line and an indented one for each problem, see `checkWith`
 */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown, refusal: string): z.output<S> {
  const { problems, value: parsed } = checkWith(schema, value);
  if (problems === undefined) return parsed as z.output<S>;
  throw new ConfigError([refusal, ...problems.map((problem) => `  ${problem}`)].join('\n'));
}

/** `"8" (a string)`, `[8] (an array)`, `-1`, `nothing`: the kind is said where one may overlook it. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return `${shortJson(value)} (a string)`;
  return Array.isArray(value) && json(value) !== undefined ? `${shortJson(value)} (an array)` : shortJson(value);
}

/** What is checked: the whole value, by which schema, and where it stands. */
interface Given {
  readonly value: unknown;
  readonly schema: z.ZodType;
  readonly place: string;
}

/** @param base  path of the union that the issue is inside of */
function sentences(issue: Issue, base: Path, given: Given): string[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, given));
  const inside = issue.code === 'invalid_union' && !isOwnMessage(issue) ? onlyFitting(issue.errors) : undefined;
  if (inside !== undefined) return inside.flatMap((each) => sentences(each, path, given));
  const found = issue.code === 'invalid_key' ? path.at(-1) : valueAt(given.value, path);
  return [at(path, given, `expected ${expectationOf(issue)}, got ${describeValue(found)}${nearValue(issue, found)}`)];
}

function at(path: Path, { place }: Given, message: string): string {
  const where = joinPath(place, path);
  return where === '' ? message : `${where}: ${message}`;
}

function unknownKey(key: string, path: Path, given: Given): string {
  const known = knownKeys(given, path);
  return at([...path, key], given, known.length > 0 ? unknownNameMessage('key', key, known) : 'unknown key');
}

/** The issues of the one form of a union that the value nearly has; undefined where it nearly has none, or several. */
function onlyFitting(forms: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = forms.filter((issues) => issues.every(({ path }) => path.length > 0));
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** What was expected, after the word: `a string`, `one of "up", "down"`, `a number more than 0`. */
function expectationOf(issue: Issue): string {
  if (isOwnMessage(issue)) return issue.message.replace(/^expected /, '');
  switch (issue.code) {
    case 'invalid_type':
      return withArticle(issue.expected);
    case 'invalid_value':
      return oneOf(issue.values);
    case 'too_small':
      return sizeOf(issue.origin, issue.minimum, issue.exact ? 'exactly' : issue.inclusive ? 'at least' : 'more than');
    case 'too_big':
      return sizeOf(issue.origin, issue.maximum, issue.exact ? 'exactly' : issue.inclusive ? 'at most' : 'less than');
    case 'invalid_union':
      return issue.discriminator === undefined ? anyOf(issue.errors) : oneOf(discriminators(issue));
    case 'invalid_key':
      return `a key that is ${issue.issues.map(expectationOf).join(', ')}`;
    default:
      return issue.message.replace(/^Invalid (\w+): /, 'a $1 that ').replace(/^Invalid /, 'a valid ');
  }
}

/** Whether the schema's author wrote the message; zod's own begin with these words. */
function isOwnMessage({ message }: Issue): boolean {
  return !/^(Invalid|Too small|Too big)\b/.test(message);
}

function discriminators({ options }: Issue & { readonly options?: readonly unknown[] | undefined }): unknown[] {
  return (options ?? []).filter((option) => option !== undefined && option !== null);
}

function anyOf(forms: readonly (readonly Issue[])[]): string {
  const expected = forms.map(([first]) => first).filter((issue) => issue !== undefined && issue.path.length === 0);
  return expected.length < forms.length || forms.length === 0
    ? 'one of the allowed forms'
    : [...new Set(expected.map((issue) => expectationOf(issue!)))].join(' or ');
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? shortJson(values[0]) : `one of ${values.map(shortJson).join(', ')}`;
}

/** `; did you mean "left"?` where a word is nearly one of the allowed ones. */
function nearValue(issue: Issue, given: unknown): string {
  if (issue.code !== 'invalid_value' || typeof given !== 'string' || isOwnMessage(issue)) return '';
  const words = issue.values.filter((value) => typeof value === 'string');
  const near = words.length > 1 ? nearestNames(given, words, 1)[0] : undefined;
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

function sizeOf(origin: string, bound: number | bigint, comparison: string): string {
  if (origin === 'array') return `${comparison} ${bound} item${bound === 1 ? '' : 's'}`;
  if (origin === 'string') return `${comparison} ${bound} character${bound === 1 ? '' : 's'}`;
  return `a number ${comparison} ${bound}`;
}

/** Zod's names of types that a reader of JSON calls otherwise. */
const plainNames: Readonly<Record<string, string>> = { int: 'integer', record: 'object', tuple: 'array' };

function withArticle(type: string): string {
  const noun = plainNames[type] ?? type;
  if (noun === 'null' || noun === 'undefined') return noun;
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** A value's JSON, of at most 60 characters; `nothing` for undefined, its type for what has none. */
function shortJson(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  const text = json(value) ?? withArticle(Array.isArray(value) ? 'array' : typeof value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Undefined for what JSON cannot hold: functions, big integers, objects that hold themselves. */
function json(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** What stands at a path in a value; undefined where the path leads nowhere. */
function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[part],
    value,
  );
}

function joinPath(place: string, path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = shownLine(String(part));
    return text === '' ? key : `${text}.${key}`;
  }, place);
}

interface SchemaParts {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly element?: unknown;
  readonly valueType?: unknown;
  readonly unwrap?: () => unknown;
  /** Forms of a union, and the key that tells them apart. */
  readonly options?: readonly SchemaParts[];
  readonly def?: { readonly discriminator?: string };
}

/** The keys that an object has at a path; none where its schema is no plain object. */
function knownKeys({ schema, value }: Given, path: Path): string[] {
  let inner = unwrapped(schema, value);
  for (const [index, part] of path.entries()) {
    const next = inner?.shape?.[part as string] ?? inner?.element ?? inner?.valueType;
    inner = unwrapped(next, valueAt(value, path.slice(0, index + 1)));
  }
  return Object.keys(inner?.shape ?? {});
}

/** An object's or a list's own schema: without default and the like, and the form that the value says it has. */
function unwrapped(schema: unknown, value: unknown): SchemaParts | undefined {
  let inner = schema as SchemaParts | undefined;
  while (inner !== undefined && inner.shape === undefined && inner.element === undefined && inner.unwrap) {
    inner = inner.unwrap() as SchemaParts;
  }
  const name = inner?.def?.discriminator;
  if (name === undefined) return inner;
  const fits = (form: SchemaParts) =>
    (form.shape?.[name] as z.ZodType | undefined)?.safeParse(valueAt(value, [name])).success;
  return inner?.options?.find(fits);
}
