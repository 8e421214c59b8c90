import type { Task } from '@attune/core';
import type { CheckedArm } from './plan-trials.ts';
import { type Problems, repeated, unknownName } from './problems.ts';
import type { Parts } from './resolve-parts.ts';
import type { ResolvedModel } from './resolved.ts';

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
