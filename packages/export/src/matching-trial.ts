import { ConfigError } from '@attune/core';
import type { TrialConfig, TrialRecord } from '@attune/records';
import { expandTrials, type ResolvedExperiment, type Trial, trialName } from '@attune/runner';

/**
 * The trial of an experiment that a record is of. Code may have changed since: what was trained is checked otherwise.
 *
 * @param experiment  narrowed to the record's task, method, model and seed
 * @throws ConfigError naming what differs, data and checkpoint included
 */
export async function matchingTrial(
  experiment: ResolvedExperiment,
  record: TrialRecord,
  hashes: Parameters<typeof expandTrials>[1],
): Promise<Trial> {
  const trials = await expandTrials(experiment, hashes);
  const [trial] = trials;
  if (trial === undefined || trials.length > 1) {
    throw new ConfigError(
      `${trialName(record)}: expected one such trial in experiment "${experiment.name}", found ${trials.length}`,
    );
  }
  const differing = differences(withoutCode(record.config), withoutCode(trial.config), '');
  if (differing.length === 0) return trial;
  throw new ConfigError(
    [
      `${trialName(record)}: the experiment has changed since it was recorded, so it cannot be trained again:`,
      ...differing.map((line) => `  ${line}`),
      'Put back what was recorded, or run the experiment and export the new record.',
    ].join('\n'),
  );
}

function withoutCode({ code, ...rest }: TrialConfig): Omit<TrialConfig, 'code'> {
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
