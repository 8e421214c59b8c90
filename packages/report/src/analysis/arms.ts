import { groupBy } from '@attune/base';
import type { TrialRecord } from '@attune/records';
import type { ArmRecord, ExperimentResults } from '../read-records.ts';

/** One row of the comparison: the trials that differ only in task and seed. */
export interface Arm {
  /** What the reader sees: the arm's label, and what else tells it from the other arms. */
  readonly name: string;
  /** Position in presentation order; figures choose colour and shape by it. */
  readonly index: number;
  readonly records: readonly ArmRecord[];
}

/**
 * Groups records into arms, in the experiment's order of arms. Model and initialisation always separate arms;
 * formulation and data regime only where one task has trials of both kinds, since a method may pose one task with a
 * head and another as a cloze.
 */
export function groupArms({ experiment, records }: ExperimentResults): readonly Arm[] {
  const splitFormulation = variesWithinTask(records, (record) => record.config.formulation);
  const splitRegime = variesWithinTask(records, (record) => record.config.data.regime);
  const modelNames = namesByInitialization(records);
  const groups = groupBy(records, ({ arm, config: { model, formulation, data } }) => {
    const parts = [
      // A lone drawn twin of the checkpoint needs no name beside "random".
      ...(modelNames.get(model.initialization)!.size > 1 ? [model.name] : []),
      ...(model.initialization === 'random' && !/random/i.test(arm) ? ['random weights'] : []),
      ...(splitFormulation ? [formulation] : []),
      ...(splitRegime ? [data.regime] : []),
    ];
    return parts.length === 0 ? arm : `${arm} (${parts.join(', ')})`;
  });
  const places = new Map(experiment.arms.map((arm, place) => [arm, place]));
  const rank = (members: readonly ArmRecord[]) => places.get(members[0]!.arm) ?? experiment.arms.length;
  return [...groups]
    .sort(([, a], [, b]) => rank(a) - rank(b))
    .map(([name, members], index) => ({ name, index, records: members }));
}

/** Distinct models by initialisation. */
function namesByInitialization(records: readonly TrialRecord[]): ReadonlyMap<string, ReadonlySet<string>> {
  const models = groupBy(
    records.map(({ config }) => config.model),
    ({ initialization }) => initialization,
  );
  return new Map(
    [...models].map(([initialization, group]) => [initialization, new Set(group.map(({ name }) => name))]),
  );
}

/** Tasks in presentation order; one that only the records know comes last. */
export function taskNames({ experiment, records }: ExperimentResults): readonly string[] {
  return [...new Set([...experiment.tasks, ...records.map((record) => record.config.task.name)])];
}

function variesWithinTask(records: readonly ArmRecord[], axis: (record: ArmRecord) => string): boolean {
  const seen = new Map<string, string>();
  return records.some((record) => {
    const { model, task, seed } = record.config;
    const cell = JSON.stringify([model.name, model.initialization, record.arm, task.name, seed]);
    const known = seen.get(cell) ?? axis(record);
    seen.set(cell, known);
    return known !== axis(record);
  });
}
