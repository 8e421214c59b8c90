import { textTable } from '@attune/base';
import type { FineTuningMethod } from '@attune/core';

/** What is read of the JSON schema of a method's settings. */
interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** A method's name, then a line for each setting: name, what it takes, its default, its meaning; as the schema has them. */
export function settingLines({ name, settings }: FineTuningMethod): string[] {
  const schema = settings.toJSONSchema({ io: 'input' }) as JsonSchema;
  // A choice among objects: each has settings of its own, and says with its first which it is.
  const choices = schema.oneOf ?? schema.anyOf ?? [schema];
  const rows = choices.flatMap(({ properties = {} }) => Object.entries(properties).map(rowOf));
  const seen = new Set<string>();
  const each = rows.filter((row) => !seen.has(row.join('\0')) && seen.add(row.join('\0')));
  if (each.length === 0) return [name, '  no settings'];
  return [name, ...textTable(each).map((line) => `  ${line}`)];
}

function rowOf([name, schema]: [string, JsonSchema]): string[] {
  const given = schema.default === undefined ? 'needed' : `default ${JSON.stringify(schema.default)}`;
  return [name, kindOf(schema), schema.const === undefined ? given : givenOf(schema), schema.description ?? ''];
}

const givenOf = ({ default: value }: JsonSchema) => (value === undefined ? '' : 'the default');

/** `integer`, `"a" or "b"`, `integer or list`. */
function kindOf({ const: value, enum: values, anyOf, oneOf, type }: JsonSchema): string {
  if (value !== undefined) return JSON.stringify(value);
  if (values !== undefined) return values.map((each) => JSON.stringify(each)).join(' or ');
  const forms = anyOf ?? oneOf;
  if (forms !== undefined) return forms.map(kindOf).join(' or ');
  return type === 'array' ? 'list' : type === 'boolean' ? 'true or false' : (type ?? '');
}
