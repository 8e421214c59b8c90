import { ConfigError } from '@attune/core';
import { canonicalJson, type TrialConfig } from '@attune/records';
import { expandTrials, type ResolvedExperiment, type Trial, type TrialSurroundings, trialName } from '@attune/runner';
import type { FoundRecord } from './find-record.ts';

/**
 * The trial of an experiment that a record is of. Code and libraries may have changed since: what was trained is checked
 * otherwise.
 *
 * @param experiment  narrowed to the record's task, method, model and seed
 * @throws ConfigError naming what differs, data and checkpoint included
 */
export async function matchingTrial(
  experiment: ResolvedExperiment,
  { record, arm }: Pick<FoundRecord, 'record' | 'arm'>,
  surroundings: TrialSurroundings,
): Promise<Trial> {
  const trials = await expandTrials(experiment, surroundings);
  const recorded = withoutLibraries(record.config);
  const same = trials.find(({ config }) => canonicalJson(withoutLibraries(config)) === canonicalJson(recorded));
  if (same !== undefined) return same;
  const named = trials.filter((trial) => trial.arm === arm);
  const [trial] = named.length === 1 ? named : trials;
  const shown = trialName({ ...record, ...(arm === undefined ? {} : { arm }) });
  if (trial === undefined || (named.length !== 1 && trials.length > 1)) {
    throw new ConfigError(
      `${shown}: expected one such trial in experiment "${experiment.name}", found ${trials.length}`,
    );
  }
  throw new ConfigError(
    [
      `${shown}: the experiment has changed since it was recorded, so it cannot be trained again:`,
      ...differences(recorded, withoutLibraries(trial.config), '').map((line) => `  ${line}`),
      'Put back what was recorded, or run the experiment and export the new record.',
    ].join('\n'),
  );
}

function withoutLibraries({ libraries, ...rest }: TrialConfig): Omit<TrialConfig, 'libraries'> {
  return rest;
}

/** `training.epochs: recorded 5, now 3`, for every leaf that is not the same. */
function differences(recorded: unknown, now: unknown, path: string): string[] {
  if (!isTree(recorded) || !isTree(now)) {
    const [before, after] = [recorded, now].map((value) => JSON.stringify(value) ?? 'nothing');
    return before === after ? [] : [`${path}: recorded ${before}, now ${after}`];
  }
  const keys = [...new Set([...Object.keys(recorded), ...Object.keys(now)])].sort();
  return keys.flatMap((key) => differences(recorded[key], now[key], path === '' ? key : `${path}.${key}`));
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
