import { readdir } from 'node:fs/promises';
import { type Problems, repeated, unknownName } from '@attune/base';
import { displayPath } from '@attune/base/node';
import { legacyNameHint } from '@attune/checkpoints';
import { missingCheckpointFiles } from '@attune/checkpoints/node';
import type { Task } from '@attune/core';
import type { CheckedArm } from './plan-trials.ts';
import type { Parts } from './resolve-parts.ts';
import type { ResolvedModel, TrialPlan } from './resolved.ts';

interface DataCheck {
  readonly directory: string;
  readonly plans: readonly TrialPlan[];
  readonly problems: Problems;
}

/**
 * The data directory must be there and have a folder for each task with at least one of the three splits. One
 * absent split is no mistake of the configuration: its trials end as 'no-data'.
 */
export async function checkDataDirectory({ directory, plans, problems }: DataCheck): Promise<void> {
  const shown = displayPath(directory);
  const tasks = [...new Set(plans.map(({ task }) => task))];
  const folders = await entries(directory);
  if (!Array.isArray(folders)) {
    const expected = list(tasks.map((task) => task.directory));
    problems.add('data.directory', `${shown}: ${folders}; expected a folder with ${expected} in it`);
    return;
  }
  for (const task of tasks) {
    const splits = plans.filter((plan) => plan.task === task).flatMap(({ data }) => Object.values(data.splits));
    const files = [...new Set(splits)].map((split) => `${split}.jsonl`);
    if (!folders.includes(task.directory)) {
      const expected = `expected a folder "${task.directory}" (task ${task.name})`;
      const near = folders.find((name) => name.toLowerCase() === task.directory.toLowerCase());
      const found = near === undefined ? list(folders) : `"${near}"; rename it to ${task.directory}`;
      problems.add('data.directory', `${shown}: ${expected}, found ${found}`);
      continue;
    }
    const found = await entries(`${directory}/${task.directory}`);
    if (!Array.isArray(found)) {
      problems.add(
        'data.directory',
        `${shown}/${task.directory}: ${found}; expected a folder with ${list(files)} in it`,
      );
    } else if (!files.some((file) => found.includes(file))) {
      problems.add('data.splits', `${shown}/${task.directory}: expected ${list(files)}, found ${list(found)}`);
    }
  }
}

/**
 * A model directory must have its files; what is in them is checked when they are read.
 *
 * @param given  how the experiment names it
 */
export async function checkModelDirectory(
  { name, directory }: ResolvedModel,
  given: string,
  problems: Problems,
): Promise<void> {
  const found = await entries(directory);
  const shown = displayPath(directory);
  if (!Array.isArray(found)) {
    problems.add(`models.${name}`, `${shown}: ${found}; expected a model directory${legacyNameHint(given)}`);
    return;
  }
  const missing = missingCheckpointFiles(found);
  if (missing.length > 0) problems.add(`models.${name}`, `${shown}: expected ${list(missing)}, found ${list(found)}`);
}

/** The names in a folder, or what is wrong with it. */
async function entries(directory: string): Promise<string[] | string> {
  return readdir(directory).then(
    (names) => names.sort(),
    ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ENOENT') return 'no such folder';
      return code === 'ENOTDIR' ? 'is no folder but a file' : `cannot be read (${code})`;
    },
  );
}

function list(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}

interface Checked {
  readonly source: Parts;
  readonly arms: readonly CheckedArm[];
  readonly models: readonly ResolvedModel[];
  readonly tasks: readonly Task[];
  readonly seeds: readonly number[];
}

/** Names that point within the experiment, and names and seeds that must be unique in it. */
export function checkReferences({ source, arms, models, tasks, seeds }: Checked, problems: Problems): void {
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
  reportTwice('seeds', seeds, problems);
}

function reportTwice(path: string, values: readonly (string | number)[], problems: Problems, hint = ''): void {
  for (const value of repeated(values)) problems.add(path, `${JSON.stringify(value)} is there more than once${hint}`);
}
