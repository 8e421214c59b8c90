import { resolve } from 'node:path';
import { type DownloadListener, describeValue, type FineTuningMethod, type Task } from '@attune/core';
import { engineNames, onnxDevices } from '@attune/engine';
import type { Catalog } from './catalog.ts';
import { checkDataDirectory } from './check-directories.ts';
import type { ArmDefinition } from './definition.ts';
import { locateModels } from './locate-models.ts';
import { narrow } from './narrow.ts';
import { type CheckedArm, planTrials } from './plan-trials.ts';
import { Problems, repeated, unknownName } from './problems.ts';
import type { ResolvedExperiment, ResolvedModel, RunOptions } from './resolved.ts';
import { armSchema, experimentSchema, modelSchema, type ParsedExperiment } from './schema.ts';

export interface ResolveCall {
  /** What the experiment's module exports; checked as if it came from JSON. */
  readonly definition: unknown;
  /** The experiment's file as messages name it. */
  readonly file: string;
  /** Relative directories in the experiment start here. */
  readonly baseDirectory: string;
  readonly catalog: Catalog;
  readonly options?: RunOptions;
  /** Called while models of the hub arrive. */
  readonly onDownload?: DownloadListener | undefined;
}

/**
 * Checks a whole experiment: shapes, names, settings, training values, directories. Nothing runs before it passed.
 *
 * @throws ConfigError listing every problem with file and path
 */
export async function resolveExperiment(call: ResolveCall): Promise<ResolvedExperiment> {
  const problems = new Problems(call.file);
  const parsed = problems.check('', experimentSchema, call.definition);
  // Even when the top level is malformed, the parts that can be checked are, so that one run shows all mistakes.
  const source = parsed ?? looseParts(call.definition);
  const models = resolveModels(source.models, call, problems);
  const tasks = resolveTasks(source.tasks, call.catalog, problems);
  const arms = resolveArms(source.arms, call.catalog, problems);
  checkReferences({ source, arms, models, tasks }, problems);
  reportTwice('seeds', parsed?.seeds ?? [], problems);
  checkName({ key: 'engine', known: engineNames, call }, problems);
  checkName({ key: 'device', known: onnxDevices, call }, problems);
  const wanted = narrow({ models, tasks, arms, seeds: parsed?.seeds ?? [] }, call.options ?? {}, problems);
  const narrowed = { ...wanted, models: await locateModels(wanted.models, call, problems) };
  const directory = dataDirectory(source, call, problems);
  const plans =
    parsed === undefined
      ? []
      : planTrials(parsed, { ...narrowed, file: call.file, maxSteps: call.options?.maxSteps }, problems);
  if (directory !== undefined) await checkDataDirectory({ directory, plans, problems });
  if (plans.length === 0 && problems.none) problems.add('arms', 'no trial is left: no arm applies to a model');
  problems.throwIfAny();
  return finish(parsed!, { ...narrowed, directory: directory!, plans, options: call.options });
}

function finish(
  parsed: ParsedExperiment,
  rest: Pick<ResolvedExperiment, 'models' | 'tasks' | 'arms' | 'seeds' | 'plans'> & {
    readonly directory: string;
    readonly options: RunOptions | undefined;
  },
): ResolvedExperiment {
  const { directory, options, ...parts } = rest;
  const engine = options?.engine ?? parsed.engine;
  const device = options?.device ?? parsed.device;
  return {
    name: parsed.name,
    title: parsed.title,
    question: parsed.question,
    ...parts,
    arms: parts.arms.map(({ label, method, settings }) => ({ label, method, settings })),
    dataDirectory: directory,
    ...(engine === undefined ? {} : { engine }),
    ...(device === undefined ? {} : { device }),
  };
}

type Parts = Pick<ParsedExperiment, 'models' | 'tasks' | 'arms'> & Pick<Partial<ParsedExperiment>, 'data' | 'perTask'>;

function looseParts(definition: unknown): Parts {
  const record = (typeof definition === 'object' && definition !== null ? definition : {}) as Record<string, unknown>;
  const array = (key: string) => (Array.isArray(record[key]) ? (record[key] as unknown[]) : []);
  return { models: array('models'), tasks: array('tasks'), arms: array('arms') };
}

function resolveModels(entries: readonly unknown[], call: ResolveCall, problems: Problems): ResolvedModel[] {
  const known = Object.keys(call.catalog.models);
  return entries.flatMap((entry, index) => {
    const path = `models[${index}]`;
    if (typeof entry === 'string') {
      const directory = call.catalog.models[entry];
      if (directory !== undefined) return [{ name: entry, directory, initialization: 'checkpoint' as const }];
      problems.add(path, unknownName('model', entry, known));
      return [];
    }
    const model = problems.check(path, modelSchema, entry);
    if (model === undefined) return [];
    const directory = call.catalog.models[model.directory] ?? model.directory;
    return [{ name: model.name, directory, initialization: model.initialization ?? 'checkpoint' }];
  });
}

function resolveTasks(entries: readonly unknown[], catalog: Catalog, problems: Problems): Task[] {
  return entries.flatMap((entry, index) => {
    const found = byName(
      { kind: 'task', entry, known: catalog.tasks, path: `tasks[${index}]`, member: 'formulate' },
      problems,
    );
    return found === undefined ? [] : [found];
  });
}

function resolveArms(entries: readonly unknown[], catalog: Catalog, problems: Problems): CheckedArm[] {
  return entries.flatMap((entry, index) => {
    const path = `arms[${index}]`;
    const parsed = problems.check(path, armSchema, entry);
    const given = (entry as ArmDefinition | null)?.method;
    const lookup = { kind: 'method', entry: given, known: catalog.methods, path: `${path}.method`, member: 'attach' };
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
  /** A member that tells a value of this kind from other objects. */
  readonly member: keyof Value;
}

function byName<Value extends { readonly name: string }>(
  { kind, entry, known, path, member }: NameLookup<Value>,
  problems: Problems,
): Value | undefined {
  if (typeof entry === 'object' && entry !== null && member in entry) return entry as Value;
  if (typeof entry !== 'string') {
    problems.add(path, `expected a ${kind} or its name, got ${describeValue(entry)}`);
    return undefined;
  }
  const found = known.find(({ name }) => name === entry);
  if (found === undefined)
    problems.add(
      path,
      unknownName(
        kind,
        entry,
        known.map(({ name }) => name),
      ),
    );
  return found;
}

interface Checked {
  readonly source: Parts;
  readonly arms: readonly CheckedArm[];
  readonly models: readonly ResolvedModel[];
  readonly tasks: readonly Task[];
}

/** Names that point within the experiment, and names that must be unique in it. */
function checkReferences({ source, arms, models, tasks }: Checked, problems: Problems): void {
  const modelNames = models.map(({ name }) => name);
  const taskNames = tasks.map(({ name }) => name);
  reportTwice('models', modelNames, problems);
  reportTwice('tasks', taskNames, problems);
  reportTwice(
    'arms',
    arms.map(({ label }) => label),
    problems,
    '; give each arm its own label',
  );
  const perTaskKeys = (path: string, record: object | undefined) => {
    for (const key of Object.keys(record ?? {})) {
      if (!taskNames.includes(key)) problems.add(`${path}.${key}`, unknownName('task', key, taskNames));
    }
  };
  perTaskKeys('perTask', source.perTask);
  for (const { parsed, path } of arms) {
    perTaskKeys(`${path}.perTask`, parsed.perTask);
    for (const [index, name] of (parsed.models ?? []).entries()) {
      if (modelNames.includes(name)) continue;
      // A model entry that is itself malformed was reported already.
      if (source.models.length === models.length) {
        problems.add(`${path}.models[${index}]`, unknownName('model', name, modelNames));
      }
    }
  }
}

function reportTwice(path: string, values: readonly (string | number)[], problems: Problems, hint = ''): void {
  for (const value of repeated(values)) problems.add(path, `${JSON.stringify(value)} is there more than once${hint}`);
}

interface NameCheck {
  readonly key: 'engine' | 'device';
  readonly known: readonly string[];
  readonly call: ResolveCall;
}

/** A name in the file, also in one that is malformed elsewhere, and the option that replaces it. */
function checkName({ key, known, call }: NameCheck, problems: Problems): void {
  const isUnknown = (name: unknown): name is string => typeof name === 'string' && !known.includes(name);
  const inFile = (call.definition as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  const option = call.options?.[key];
  if (isUnknown(inFile)) problems.add(key, unknownName(key, inFile, known));
  if (isUnknown(option)) problems.addOption(`--${key}`, unknownName(key, option, known));
}

function dataDirectory(source: Parts, call: ResolveCall, problems: Problems): string | undefined {
  if (call.options?.data !== undefined) return resolve(call.options.data);
  const given = source.data?.directory;
  if (given !== undefined) return resolve(call.baseDirectory, given);
  if (source.data !== undefined) {
    problems.add('data.directory', 'expected a folder with one folder per task, got nothing; pass --data <folder>');
  }
  return undefined;
}
