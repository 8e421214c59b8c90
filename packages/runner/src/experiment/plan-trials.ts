import { defaultTraining, ownValue, type Problems, repeated, trainingSettingsSchema, unknownName } from '@attune/base';
import type { Formulation, Task } from '@attune/core';
import type { ResolvedArm, ResolvedModel, RunOptions, TrialPlan } from './resolved.ts';
import type { ArmDefinition, Outline, Overrides } from './schema.ts';

interface Narrowable<Arm> {
  readonly models: readonly ResolvedModel[];
  readonly tasks: readonly Task[];
  readonly arms: readonly Arm[];
  readonly seeds: readonly number[];
}

/**
 * Keeps the tasks, arms, models and seeds that the command line names; all where it names none.
 * A name that is none of the experiment's is a problem, reported with its nearest neighbour.
 */
export function narrow<Arm extends ResolvedArm>(
  parts: Narrowable<Arm>,
  options: RunOptions,
  problems: Problems,
): Narrowable<Arm> {
  for (const seed of repeated(options.seeds ?? [])) problems.addOption('--seeds', `${seed} is there more than once`);
  const keep = <Value>(call: Selection<Value>) => select(call, problems);
  return {
    tasks: keep({ option: '--tasks', kind: 'task', values: parts.tasks, wanted: options.tasks, names: nameOf }),
    arms: keep({
      option: '--methods',
      kind: 'method',
      values: parts.arms,
      wanted: options.methods,
      names: ({ label, method }) => [label, method.name],
    }),
    models: keep({ option: '--models', kind: 'model', values: parts.models, wanted: options.models, names: nameOf }),
    seeds: options.seeds ?? parts.seeds,
  };
}

interface Selection<Value> {
  readonly option: string;
  readonly kind: string;
  readonly values: readonly Value[];
  readonly wanted: readonly string[] | undefined;
  readonly names: (value: Value) => readonly string[];
}

const nameOf = ({ name }: { readonly name: string }) => [name];

function select<Value>(
  { option, kind, values, wanted, names }: Selection<Value>,
  problems: Problems,
): readonly Value[] {
  if (wanted === undefined) return values;
  const known = [...new Set(values.flatMap(names))];
  for (const name of wanted) {
    if (!known.includes(name)) problems.addOption(option, unknownName(kind, name, known));
  }
  return values.filter((value) => names(value).some((name) => wanted.includes(name)));
}

/** An arm with what it says beside its method, and its path in the experiment. */
export type CheckedArm = ResolvedArm & { readonly parsed: ArmDefinition; readonly path: string };

interface Planning {
  readonly models: readonly ResolvedModel[];
  readonly tasks: readonly Task[];
  readonly arms: readonly CheckedArm[];
  readonly seeds: readonly number[];
  /** The experiment's file as messages name it. */
  readonly file: string;
  /** Upper limit on every trial's steps. */
  readonly maxSteps: number | undefined;
}

/** Every trial in presentation order (task, arm, model, seed), with the experiment's, the task's and the arm's overrides merged. */
export function planTrials(parsed: Outline, planning: Planning, problems: Problems): TrialPlan[] {
  const { models, tasks, arms, seeds, file, maxSteps } = planning;
  return tasks.flatMap((task) =>
    arms.flatMap((arm) => {
      const layers: readonly Layer[] = [
        ['', parsed],
        [`perTask.${task.name}.`, ownValue(parsed.perTask ?? {}, task.name)],
        [`${arm.path}.`, arm.parsed],
        [`${arm.path}.perTask.${task.name}.`, ownValue(arm.parsed.perTask ?? {}, task.name)],
      ];
      const merged = mergeOverrides(parsed.data, layers, maxSteps);
      const formulation = merged.formulation;
      if (!task.formulations.includes(formulation)) {
        const known = task.formulations.join(' or ');
        problems.add(arm.path, `task "${task.name}" cannot be posed with formulation "${formulation}"; try ${known}`);
      }
      const training = problems.check(`${arm.path}.training`, trainingSettingsSchema, merged.training);
      if (training === undefined) return [];
      const { label, method, settings } = arm;
      const place = { arm: `${file}: ${arm.path}`, pattern: `${file}: ${merged.patternPath ?? arm.path}` };
      const shared = { task, arm: { label, method, settings }, formulation, training, ...merged.pattern };
      const applicable = models.filter(({ name }) => arm.parsed.models?.includes(name) ?? true);
      return applicable.flatMap((model) =>
        seeds.map((seed) => ({ ...shared, model, seed, place, data: withSeed(merged.data, seed) })),
      );
    }),
  );
}

/** Overrides and what their paths begin with. */
type Layer = readonly [prefix: string, overrides: Overrides | undefined];

function mergeOverrides(given: TrialPlan['data'], layers: readonly Layer[], maxSteps: number | undefined) {
  let training: Overrides['training'] = defaultTraining;
  let formulation: Formulation = 'cloze';
  let pattern: { readonly pattern?: string } = {};
  let data = given;
  let patternPath: string | undefined;
  for (const [prefix, layer] of layers) {
    training = { ...training, ...layer?.training };
    formulation = layer?.formulation ?? formulation;
    data = mergeData(data, layer?.data);
    if (layer?.pattern === undefined) continue;
    pattern = { pattern: layer.pattern };
    patternPath = `${prefix}pattern`;
  }
  if (maxSteps !== undefined) training = { ...training, maxSteps: Math.min(maxSteps, training.maxSteps ?? maxSteps) };
  return { training, formulation, pattern, patternPath, data };
}

function mergeData(given: TrialPlan['data'], over: Overrides['data']): TrialPlan['data'] {
  const { regime, splits, mayBeAbsent = false } = given;
  const { train = splits.train, select = splits.select, report = splits.report } = over?.splits ?? {};
  return {
    regime: over?.regime ?? regime,
    splits: { train, select, report },
    mayBeAbsent: over?.mayBeAbsent ?? mayBeAbsent,
  };
}

function withSeed({ splits, ...data }: TrialPlan['data'], seed: number): TrialPlan['data'] {
  const named = (split: string) => split.replaceAll('{seed}', String(seed));
  return {
    ...data,
    splits: { train: named(splits.train), select: named(splits.select), report: named(splits.report) },
  };
}
