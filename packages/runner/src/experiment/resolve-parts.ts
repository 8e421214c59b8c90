import { describeValue, ownValue, type Problems, unknownName } from '@attune/base';
import { legacyNameHint, parseHubId } from '@attune/checkpoints';
import type { FineTuningMethod, Task } from '@attune/core';
import type { z } from 'zod';
import type { Catalog } from './definition.ts';
import type { CheckedArm } from './plan-trials.ts';
import type { ResolvedModel } from './resolved.ts';
import { type ArmDefinition, armSchema, modelSchema, type Outline } from './schema.ts';

/** The lists of an experiment; the rest only where its top level is well-formed. */
export type Parts = Pick<Outline, 'models' | 'tasks' | 'arms'> & Pick<Partial<Outline>, 'data' | 'perTask'>;

/** What can be checked of an experiment that is malformed at its top level. */
export function looseParts(definition: unknown): Parts {
  const record = asRecord(definition);
  const array = (key: string) => {
    const value = ownValue(record, key);
    return Array.isArray(value) ? (value as unknown[]) : [];
  };
  return { models: array('models'), tasks: array('tasks'), arms: array('arms') };
}

/** The keys of an object; none of anything else. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
}

interface GivenPart<Value> {
  readonly path: string;
  readonly schema: z.ZodType<Value>;
  readonly value: unknown;
}

/**
 * A value that its schema finds right, as it was given. The schemas of an experiment change nothing; their records would
 * leave out a key "__proto__" without a word, where the key of a name that is unknown has to be told.
 */
export function checkedAsGiven<Value>(
  { path, schema, value }: GivenPart<Value>,
  problems: Problems,
): Value | undefined {
  return problems.check(path, schema, value) === undefined ? undefined : (value as Value);
}

/** `bert-base-uncased` for `google-bert/bert-base-uncased`, with the revision where one is given; undefined for no id. */
function nameOfHubId(text: string): string | undefined {
  const id = parseHubId(text);
  if (id === undefined) return undefined;
  const revision = text.includes('@') && id.revision !== 'main' ? `-${id.revision.slice(0, 12)}` : '';
  const name = `${id.repo.replace(/^.*[/]/, '')}${revision}`;
  return name.toLowerCase().replaceAll(/[^a-z0-9.-]/g, '-');
}

/** Models by the catalog's name, by an id of the hub, or described. */
export function resolveModels(entries: readonly unknown[], catalog: Catalog, problems: Problems): ResolvedModel[] {
  const known = Object.keys(catalog.models);
  return entries.flatMap((entry, index) => {
    const path = `models[${index}]`;
    if (typeof entry === 'string') {
      const directory = ownValue(catalog.models, entry);
      if (directory !== undefined) return [{ name: entry, directory, initialization: 'checkpoint' as const }];
      const name = nameOfHubId(entry);
      if (name !== undefined) return [{ name, directory: entry, initialization: 'checkpoint' as const }];
      problems.add(path, `${unknownName('model', entry, known)}${legacyNameHint(entry)}`);
      return [];
    }
    const model = problems.check(path, modelSchema, entry);
    if (model === undefined) return [];
    const directory = ownValue(catalog.models, model.directory) ?? model.directory;
    const { name, initialization = 'checkpoint', draw } = model;
    return [{ name, directory, initialization, ...(draw === undefined ? {} : { draw }) }];
  });
}

const taskMembers: readonly (keyof Task)[] = [
  ...(['formulate', 'name', 'version', 'directory', 'metrics', 'formulations', 'patterns', 'exampleRow'] as const),
  ...(['parseRows', 'score', 'majority', 'chance'] as const),
];

/** Tasks by the catalog's name, or tasks themselves. */
export function resolveTasks(entries: readonly unknown[], catalog: Catalog, problems: Problems): Task[] {
  return entries.flatMap((entry, index) => {
    const found = byName(
      { kind: 'task', entry, known: catalog.tasks, path: `tasks[${index}]`, members: taskMembers },
      problems,
    );
    return found === undefined ? [] : [found];
  });
}

/** The schema of an arm, which knows by name what belongs into the settings of its method. */
function armSchemaOf(given: unknown, { methods }: Catalog): typeof armSchema {
  const method = typeof given === 'string' ? methods.find(({ name }) => name === given) : given;
  const { shape: fields } = ((method as FineTuningMethod | undefined)?.settings ?? {}) as { readonly shape?: object };
  return fields === undefined ? armSchema : armSchema.extend({ settings: armSchema.shape.settings.meta({ fields }) });
}

/** Arms whose method and settings are usable. */
export function resolveArms(entries: readonly unknown[], catalog: Catalog, problems: Problems): CheckedArm[] {
  return entries.flatMap((entry, index) => {
    const path = `arms[${index}]`;
    const given = (entry as ArmDefinition | null)?.method;
    const schema = armSchemaOf(given, catalog);
    const parsed = checkedAsGiven<ArmDefinition>({ path, schema, value: entry }, problems);
    const members = ['attach', 'name', 'settings'];
    const lookup = { kind: 'method', entry: given, known: catalog.methods, path: `${path}.method`, members };
    const method: FineTuningMethod | undefined = byName(lookup as NameLookup<FineTuningMethod>, problems);
    if (method === undefined || parsed === undefined) return [];
    const settings = problems.check(`${path}.settings`, method.settings, parsed.settings ?? {});
    if (settings === undefined) return [];
    const label = parsed.label ?? method.name;
    return [{ label, method, settings: settings as Record<string, unknown>, parsed, path }];
  });
}

interface NameLookup<Value> {
  readonly kind: string;
  readonly entry: unknown;
  readonly known: readonly Value[];
  readonly path: string;
  /** What a value of this kind has; the first tells it from other objects. */
  readonly members: readonly (keyof Value & string)[];
}

/** A value that is given itself or by its name. */
function byName<Value extends { readonly name: string }>(
  { kind, entry, known, path, members }: NameLookup<Value>,
  problems: Problems,
): Value | undefined {
  if (typeof entry === 'object' && entry !== null && members[0]! in entry) {
    const missing = members.filter((member) => !(member in entry));
    if (missing.length === 0) return entry as Value;
    problems.add(path, `expected a ${kind}, got an object without ${missing.join(', ')}`);
    return undefined;
  }
  if (typeof entry !== 'string') {
    problems.add(path, `expected a ${kind} or its name, got ${describeValue(entry)}`);
    return undefined;
  }
  const found = known.find(({ name }) => name === entry);
  if (found === undefined) {
    const names = known.map(({ name }) => name);
    problems.add(path, unknownName(kind, entry, names));
  }
  return found;
}
