import { join } from 'node:path';
import { nearestNames, type Problems } from '@attune/base';
import { displayPath, findSplitFile } from '@attune/base/node';
import type { Task } from '@attune/core';
import { entries, list } from './folder-entries.ts';
import type { TrialPlan } from './resolved.ts';

interface DataCheck {
  readonly directory: string;
  readonly plans: readonly TrialPlan[];
  readonly problems: Problems;
}

/** Where the splits of tasks lie; each is looked for once, so that all parts of a run see the same file. */
export function splitFiles(directory: string): (task: Task, split: string) => string {
  const known = new Map<string, string>();
  return (task, split) => {
    const key = JSON.stringify([task.directory, split]);
    const file =
      known.get(key) ??
      findSplitFile(directory, task.directory, split) ??
      join(directory, task.directory, `${split}.jsonl`);
    known.set(key, file);
    return file;
  };
}

/**
 * The data directory must be there, with a folder for each task (in any case) and a file for every split. A split without
 * one is a mistake of the configuration, most often a misspelt name, unless the data says that it may be absent.
 */
export async function checkData({ directory, plans, problems }: DataCheck): Promise<void> {
  const shown = displayPath(directory);
  const tasks = [...new Set(plans.map(({ task }) => task))];
  const folders = await entries(directory);
  if (!Array.isArray(folders)) {
    const expected = list(tasks.map((task) => task.directory));
    problems.add('data.directory', `${shown}: ${folders}; expected a folder with ${expected} in it`);
    return;
  }
  for (const task of tasks) {
    const folder = folders.find((name) => name.toLowerCase() === task.directory.toLowerCase());
    if (folder === undefined) {
      const expected = `expected a folder "${task.directory}" (task ${task.name})`;
      problems.add('data.directory', `${shown}: ${expected}, found ${list(folders)}`);
      continue;
    }
    const absent = absentSplits(
      directory,
      plans.filter((plan) => plan.task === task),
      problems,
    );
    if (absent.length === 0) continue;
    const files = absent.map((split) => `${split}.jsonl`);
    const found = await entries(join(directory, folder));
    problems.add(
      'data.splits',
      Array.isArray(found)
        ? `${shown}/${folder}: expected ${list(files)}, found ${list(found)}${advice(absent, { task, found, directory, plans })}`
        : `${shown}/${folder}: ${found}; expected a folder with ${list(files)} in it`,
    );
  }
}

/** Names of splits that have no file and must have one. */
function absentSplits(directory: string, plans: readonly TrialPlan[], problems: Problems): string[] {
  const required = plans.filter(({ data }) => data.mayBeAbsent !== true);
  const splits = [...new Set(required.flatMap(({ data }) => Object.values(data.splits)))];
  return splits.filter((split) => {
    try {
      return findSplitFile(directory, plans[0]!.task.directory, split) === undefined;
    } catch (error) {
      problems.add('data.splits', (error as Error).message);
      return false;
    }
  });
}

interface Found {
  readonly task: Task;
  /** Names in the task's folder. */
  readonly found: readonly string[];
  readonly directory: string;
  readonly plans: readonly TrialPlan[];
}

/** What would work: another name of this folder, or to say that the data lacks what other tasks have. */
function advice(absent: readonly string[], { task, found, directory, plans }: Found): string {
  const names = found.filter((file) => /\.jsonl$/i.test(file)).map((file) => file.replace(/\.jsonl$/i, ''));
  const near = [...new Set(absent.flatMap((split) => nearName(split, names) ?? []))];
  if (near.length > 0) return `; did you mean ${list(near.map((name) => `"${name}"`))}?`;
  const others = [...new Set(plans.map((plan) => plan.task))].filter(
    (other) =>
      other !== task && absent.every((split) => findSplitFile(directory, other.directory, split) !== undefined),
  );
  if (others.length === 0) return '';
  const having = list(others.map((other) => other.directory));
  return `; ${having} has it: leave ${task.name} out, or say perTask: { ${task.name}: { data: { mayBeAbsent: true } } }`;
}

/** `train` for `training`. Of short names everything is near. */
function nearName(split: string, names: readonly string[]): string | undefined {
  if (split.length < 3) return undefined;
  return nearestNames(split, names, 1)[0] ?? names.find((name) => split.startsWith(name) || name.startsWith(split));
}
