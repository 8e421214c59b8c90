import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { bytes, ConfigError, randomSource, sizeOf } from '@attune/base';
import { readDataFile } from '@attune/base/node';
import { type LoadedModel, loadModelDirectory } from '@attune/checkpoints/node';
import type { ParameterSpec, Task } from '@attune/core';
import { isOutOfMemory } from '@attune/engine';
import type { ResolvedExperiment, TrialPlan } from '../experiment/resolved.ts';
import { checkScorable } from './check-scorable.ts';
import { splitFiles } from './expand-trials.ts';
import { objectiveOf } from './prepare-trial.ts';
import { checkDrawn } from './trial-notes.ts';

/**
 * Reads what the trials will read and attaches what they will attach, so that a broken file or a setting that does
 * not fit a model ends a run before it starts, not after an hour.
 *
 * @throws ConfigError, DatasetError as the readers give it; a setting's or pattern's with its place in the experiment's
 *   file; the signal's reason when it aborts
 */
export async function preflight(
  experiment: ResolvedExperiment,
  plans: readonly TrialPlan[],
  signal?: AbortSignal,
): Promise<void> {
  const rows = new Map<Task, readonly unknown[]>();
  for (const task of new Set(plans.map((plan) => plan.task))) {
    signal?.throwIfAborted();
    rows.set(
      task,
      await readAllRows(
        experiment,
        plans.filter((plan) => plan.task === task),
      ),
    );
  }
  const models = new Map<string, LoadedModel>();
  for (const { directory } of new Set(plans.map((plan) => plan.model))) {
    signal?.throwIfAborted();
    if (!models.has(directory)) models.set(directory, await loadModelDirectory(directory));
  }
  const checked = new Set<string>();
  for (const plan of plans) {
    const group = JSON.stringify([plan.task.name, plan.arm.label, plan.model.name]);
    if (checked.has(group)) continue;
    checked.add(group);
    // Signals arrive between two turns of the event loop only.
    await setImmediate();
    signal?.throwIfAborted();
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
function tryTrial(plan: TrialPlan, loaded: LoadedModel, rows: readonly unknown[]): void {
  const { model, values, tokenizer } = loaded;
  const { arm, task, formulation, pattern, training, seed, place } = plan;
  const random = randomSource(seed);
  let formulating = false;
  try {
    const attachment = arm.method.attach({ model, values, settings: arm.settings, random });
    const { numVirtualTokens, initialValues } = attachment;
    checkSize(attachment.parameters);
    // Values that fit into the machine's memory, not into what is free of it, show here.
    initialValues();
    const maxLength = Math.min(training.maxLength, model.maxLength);
    const { languageModel } = model;
    const call = { rows, formulation, tokenizer, languageModel, maxLength, numVirtualTokens, seed };
    formulating = true;
    const named = pattern === undefined ? {} : { pattern };
    const objective = objectiveOf(model, task.formulate({ ...call, purpose: 'evaluate', ...named }));
    formulating = false;
    checkDrawn({ plan, loaded, objective });
  } catch (error) {
    // What a formulation cannot be configured with is its pattern or what the pattern needs; rows are not.
    const where = formulating && error instanceof ConfigError ? place.pattern : place.arm;
    if (error instanceof Error) error.message = `${where}: arm "${arm.label}", task "${task.name}": ${error.message}`;
    if (isOutOfMemory(error)) throw new ConfigError(`${(error as Error).message}; choose smaller settings`);
    throw error;
  }
}

/** New parameters must fit into this machine's memory at all: what an engine says of an allocation is no help. */
function checkSize(parameters: readonly ParameterSpec[]): void {
  const sizes = parameters.map(({ shape }) => 4 * sizeOf(shape));
  const needed = sizes.reduce((sum, size) => sum + size, 0);
  if (needed <= totalmem()) return;
  const { name, shape } = parameters[sizes.indexOf(Math.max(...sizes))]!;
  throw new ConfigError(
    `its new parameters need ${bytes(needed)}, "${name}" [${shape.join(', ')}] among them, and this machine has ` +
      `${bytes(totalmem())}; choose smaller settings`,
  );
}
