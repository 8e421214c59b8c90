import { describeValue, type Problems, unknownName } from '@attune/base';
import type { FineTuningMethod, Task } from '@attune/core';
import type { Catalog } from './definition.ts';
import type { CheckedArm } from './plan-trials.ts';
import type { ResolvedModel } from './resolved.ts';
import { type ArmDefinition, armSchema, modelSchema, type Outline } from './schema.ts';

/** The lists of an experiment; the rest only where its top level is well-formed. */
export type Parts = Pick<Outline, 'models' | 'tasks' | 'arms'> & Pick<Partial<Outline>, 'data' | 'perTask'>;

/** What can be checked of an experiment that is malformed at its top level. */
export function looseParts(definition: unknown): Parts {
  const record = (typeof definition === 'object' && definition !== null ? definition : {}) as Record<string, unknown>;
  const array = (key: string) => (Array.isArray(record[key]) ? (record[key] as unknown[]) : []);
  return { models: array('models'), tasks: array('tasks'), arms: array('arms') };
}

/** Models by the catalog's name, or described. */
export function resolveModels(entries: readonly unknown[], catalog: Catalog, problems: Problems): ResolvedModel[] {
  const known = Object.keys(catalog.models);
  return entries.flatMap((entry, index) => {
    const path = `models[${index}]`;
    if (typeof entry === 'string') {
      const directory = catalog.models[entry];
      if (directory !== undefined) return [{ name: entry, directory, initialization: 'checkpoint' as const }];
      problems.add(path, unknownName('model', entry, known));
      return [];
    }
    const model = problems.check(path, modelSchema, entry);
    if (model === undefined) return [];
    const directory = catalog.models[model.directory] ?? model.directory;
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

/** Arms whose method and settings are usable. */
export function resolveArms(entries: readonly unknown[], catalog: Catalog, problems: Problems): CheckedArm[] {
  return entries.flatMap((entry, index) => {
    const path = `arms[${index}]`;
    const parsed = problems.check(path, armSchema, entry);
    const given = (entry as ArmDefinition | null)?.method;
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
