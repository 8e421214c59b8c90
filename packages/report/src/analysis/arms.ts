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
  const groups = new Map<string, ArmRecord[]>();
  for (const record of records) {
    const { arm } = record;
    const { model, formulation, data } = record.config;
    const parts = [
      arm,
      ...(modelsLike(model, records) > 1 ? [model.name] : []),
      ...(model.initialization === 'random' && !/random/i.test(arm) ? ['random weights'] : []),
      ...(splitFormulation ? [formulation] : []),
      ...(splitRegime ? [data.regime] : []),
    ];
    const name = parts.length === 1 ? arm : `${arm} (${parts.slice(1).join(', ')})`;
    groups.set(name, [...(groups.get(name) ?? []), record]);
  }
  const rank = (members: readonly ArmRecord[]) => {
    const position = experiment.arms.indexOf(members[0]!.arm);
    return position < 0 ? experiment.arms.length : position;
  };
  return [...groups]
    .sort(([, a], [, b]) => rank(a) - rank(b))
    .map(([name, members], index) => ({ name, index, records: members }));
}

/** Distinct models of the same initialisation; a lone drawn twin of the checkpoint needs no name beside "random". */
function modelsLike({ initialization }: TrialRecord['config']['model'], records: readonly TrialRecord[]): number {
  const models = records.map((record) => record.config.model);
  return new Set(models.filter((model) => model.initialization === initialization).map(({ name }) => name)).size;
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
