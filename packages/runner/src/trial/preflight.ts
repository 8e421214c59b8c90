import { existsSync } from 'node:fs';
import { ConfigError, randomSource } from '@attune/base';
import { readDataFile } from '@attune/base/node';
import { type LoadedModel, loadModelDirectory } from '@attune/checkpoints/node';
import type { Task } from '@attune/core';
import { isOutOfMemory } from '@attune/engine';
import type { ResolvedExperiment, TrialPlan } from '../experiment/resolved.ts';
import { checkScorable } from './check-scorable.ts';
import { splitFiles } from './expand-trials.ts';
import { objectiveOf } from './prepare-trial.ts';

/**
 * Reads what the trials will read and attaches what they will attach, so that a broken file or a setting that does
 * not fit a model ends a run before it starts, not after an hour.
 *
 * @throws ConfigError, DatasetError as the readers give it; a setting's or pattern's with its place in the experiment's file
 */
export async function preflight(experiment: ResolvedExperiment, plans: readonly TrialPlan[]): Promise<void> {
  const rows = new Map<Task, readonly unknown[]>();
  for (const task of new Set(plans.map((plan) => plan.task)))
    rows.set(
      task,
      await readAllRows(
        experiment,
        plans.filter((plan) => plan.task === task),
      ),
    );
  const models = new Map<string, LoadedModel>();
  for (const { directory } of new Set(plans.map((plan) => plan.model))) {
    if (!models.has(directory)) models.set(directory, await loadModelDirectory(directory));
  }
  const checked = new Set<string>();
  for (const plan of plans) {
    const group = JSON.stringify([plan.task.name, plan.arm.label, plan.model.name]);
    if (checked.has(group)) continue;
    checked.add(group);
    tryTrial(plan, models.get(plan.model.directory)!, rows.get(plan.task)!.slice(0, 1));
  }
}

/** Rows of every file that the plans of one task name, which can be scored as the plans want. */
async function readAllRows(experiment: ResolvedExperiment, plans: readonly TrialPlan[]): Promise<readonly unknown[]> {
  const { task } = plans[0]!;
  const rows = new Map<string, readonly unknown[]>();
  const splits = plans.map((plan) => splitFiles(experiment, plan));
  for (const file of new Set(splits.flat())) {
    if (existsSync(file)) rows.set(file, task.parseRows(await readDataFile(file), file));
  }
  for (const files of new Map(splits.map((own) => [own.join('\n'), own])).values())
    checkScorable(task, { files, rows });
  return [...rows.values()].flat();
}

/** Attaches the method and formulates one row: settings, pattern names and verbalizers are checked by that. */
function tryTrial(plan: TrialPlan, { model, values, tokenizer }: LoadedModel, rows: readonly unknown[]): void {
  const { arm, task, formulation, pattern, training, seed, place } = plan;
  const random = randomSource(seed);
  let formulating = false;
  try {
    const { numVirtualTokens, initialValues } = arm.method.attach({ model, values, settings: arm.settings, random });
    // Values that do not fit into memory show here.
    initialValues();
    const maxLength = Math.min(training.maxLength, model.maxLength);
    const { languageModel } = model;
    const call = { rows, formulation, tokenizer, languageModel, maxLength, numVirtualTokens, seed };
    formulating = true;
    const named = pattern === undefined ? {} : { pattern };
    objectiveOf(model, task.formulate({ ...call, purpose: 'evaluate', ...named }));
  } catch (error) {
    // What a formulation cannot be configured with is its pattern or what the pattern needs; rows are not.
    const where = formulating && error instanceof ConfigError ? place.pattern : place.arm;
    if (error instanceof Error) error.message = `${where}: arm "${arm.label}", task "${task.name}": ${error.message}`;
    if (isOutOfMemory(error)) throw new ConfigError(`${(error as Error).message}; choose smaller settings`);
    throw error;
  }
}
