import { readdir } from 'node:fs/promises';
import { relative } from 'node:path';
import { missingCheckpointFiles } from '@attune/core/node';
import type { Problems } from './problems.ts';
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

/** A model directory must have its files; what is in them is checked when they are read. */
export async function checkModelDirectory({ name, directory }: ResolvedModel, problems: Problems): Promise<void> {
  const found = await entries(directory);
  const shown = displayPath(directory);
  if (!Array.isArray(found)) {
    problems.add(`models.${name}`, `${shown}: ${found}; expected a model directory`);
    return;
  }
  const missing = missingCheckpointFiles(found);
  if (missing.length > 0) problems.add(`models.${name}`, `${shown}: expected ${list(missing)}, found ${list(found)}`);
}

/** Relative to the working directory where that is shorter. */
export function displayPath(path: string): string {
  const short = relative('', path);
  return short !== '' && short.length < path.length ? short : path;
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
