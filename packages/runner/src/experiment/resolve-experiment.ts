import { resolve } from 'node:path';
import { ownValue, Problems, unknownName } from '@attune/base';
import type { DownloadListener } from '@attune/checkpoints/node';
import { engineNames, onnxDevices } from '@attune/engine';
import { checkData, splitFiles } from './check-data.ts';
import { checkReferences } from './check-experiment.ts';
import type { Catalog } from './definition.ts';
import { locateModels } from './locate-models.ts';
import { narrow, planTrials } from './plan-trials.ts';
import {
  asRecord,
  checkedAsGiven,
  looseParts,
  type Parts,
  resolveArms,
  resolveModels,
  resolveTasks,
} from './resolve-parts.ts';
import type { ResolvedExperiment, RunOptions } from './resolved.ts';
import { type Outline, outlineSchema } from './schema.ts';

/** An experiment as it was read, and what its names stand for. */
interface ResolveCall {
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
  const parsed = checkedAsGiven({ path: '', schema: outlineSchema, value: call.definition }, problems);
  // Even when the top level is malformed, the parts that can be checked are, so that one run shows all mistakes.
  const source = parsed ?? looseParts(call.definition);
  const models = resolveModels(source.models, call.catalog, problems);
  const tasks = resolveTasks(source.tasks, call.catalog, problems);
  const arms = resolveArms(source.arms, call.catalog, problems);
  const seeds = parsed?.seeds ?? [];
  checkReferences({ source, arms, models, tasks, seeds }, problems);
  checkName({ key: 'engine', known: engineNames, call }, problems);
  checkName({ key: 'device', known: onnxDevices, call }, problems);
  const wanted = narrow({ models, tasks, arms, seeds }, call.options ?? {}, problems);
  const narrowed = { ...wanted, models: await locateModels(wanted.models, call, problems) };
  const directory = dataDirectory(source, call, problems);
  const plans =
    parsed === undefined
      ? []
      : planTrials(parsed, { ...narrowed, file: call.file, maxSteps: call.options?.maxSteps }, problems);
  if (directory !== undefined) await checkData({ directory, plans, problems });
  if (plans.length === 0 && problems.none) problems.add('arms', 'no trial is left: no arm applies to a model');
  problems.throwIfAny();
  return finish(parsed!, { ...narrowed, directory: directory!, plans, options: call.options });
}

function finish(
  parsed: Outline,
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
    splitFile: splitFiles(directory),
    ...(engine === undefined ? {} : { engine }),
    ...(device === undefined ? {} : { device }),
  };
}

function dataDirectory(source: Parts, call: ResolveCall, problems: Problems): string | undefined {
  const known = (given: string) => ownValue(call.catalog.data ?? {}, given);
  const option = call.options?.data;
  if (option !== undefined) return known(option) ?? resolve(option);
  const given = source.data?.directory;
  if (given !== undefined) return known(given) ?? resolve(call.baseDirectory, given);
  if (source.data !== undefined) {
    problems.add('data.directory', 'expected a folder with one folder per task, got nothing; pass --data <folder>');
  }
  return undefined;
}

interface NameCheck {
  readonly key: 'engine' | 'device';
  readonly known: readonly string[];
  readonly call: ResolveCall;
}

/** A name in the file, also in one that is malformed elsewhere, and the option that replaces it. */
function checkName({ key, known, call }: NameCheck, problems: Problems): void {
  const isUnknown = (name: unknown): name is string => typeof name === 'string' && !known.includes(name);
  const inFile = ownValue(asRecord(call.definition), key);
  const option = call.options?.[key];
  if (isUnknown(inFile)) problems.add(key, unknownName(key, inFile, known));
  if (isUnknown(option)) problems.addOption(`--${key}`, unknownName(key, option, known));
}
