import type { Task } from '@attune/core';
import { type Problems, repeated, unknownName } from './problems.ts';
import type { ResolvedArm, ResolvedModel, RunOptions } from './resolved.ts';

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
