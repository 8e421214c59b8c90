import { type Problems, repeated, unknownName } from '@attune/base';
import { displayPath } from '@attune/base/node';
import { legacyNameHint } from '@attune/checkpoints';
import { missingCheckpointFiles } from '@attune/checkpoints/node';
import type { Task } from '@attune/core';
import { entries, list } from './folder-entries.ts';
import type { CheckedArm } from './plan-trials.ts';
import type { Parts } from './resolve-parts.ts';
import type { ResolvedModel } from './resolved.ts';

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
