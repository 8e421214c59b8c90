import { join } from 'node:path';
import { checkpointFiles } from '@attune/core/node';
import type { TrialConfig } from '@attune/records';
import type { ResolvedExperiment, TrialPlan } from '../experiment/resolved.ts';
import { cached } from './cached.ts';
import { hashFiles } from './hash-files.ts';
import { trialKey } from './trial-key.ts';

/** A trial ready to run: what to do, its configuration with all hashes, and the key made of it. */
export interface Trial {
  readonly key: string;
  readonly config: TrialConfig;
  /** Position in the experiment, for workers that find it there. */
  readonly index: number;
}

/**
 * The trials of an experiment in presentation order (task, arm, model, seed). Data and checkpoints are hashed here,
 * once each.
 *
 * @param code  hash of the code, see `hashCode`
 */
export async function expandTrials(
  experiment: ResolvedExperiment,
  { engine, code }: Pick<Hashes, 'engine' | 'code'>,
): Promise<Trial[]> {
  const hashes = new Map<string, Promise<string>>();
  const trials: Trial[] = [];
  for (const [index, plan] of experiment.plans.entries()) {
    const files = splitFiles(experiment, plan);
    const { directory } = plan.model;
    const config = trialConfig(plan, {
      engine,
      code,
      dataHash: await cached(hashes, files.join(), () => hashFiles(files)),
      checkpointHash: await cached(hashes, directory, async () => hashFiles(await checkpointFiles(directory))),
    });
    trials.push({ key: trialKey(config), config, index });
  }
  return trials;
}

/** The files of the three splits: train, select, report. */
export function splitFiles(
  { dataDirectory }: ResolvedExperiment,
  { task, data: { splits } }: TrialPlan,
): [train: string, select: string, report: string] {
  const file = (split: string) => join(dataDirectory, task.directory, `${split}.jsonl`);
  return [file(splits.train), file(splits.select), file(splits.report)];
}

interface Hashes {
  readonly code: string;
  readonly engine: TrialConfig['engine'];
  readonly dataHash: string;
  readonly checkpointHash: string;
}

function trialConfig(plan: TrialPlan, hashes: Hashes): TrialConfig {
  const { task, arm, model, formulation, pattern, data, training, seed } = plan;
  return {
    model: {
      ...{ name: model.name, checkpointHash: hashes.checkpointHash, initialization: model.initialization },
      ...(model.hub === undefined ? {} : { hub: { repo: model.hub.repo, commit: model.hub.commit } }),
    },
    method: { name: arm.method.name, label: arm.label, settings: jsonValues(arm.settings) },
    formulation,
    ...(pattern === undefined ? {} : { pattern }),
    task: { name: task.name, version: task.version },
    data: {
      regime: data.regime,
      trainSplit: data.splits.train,
      selectionSplit: data.splits.select,
      reportedSplit: data.splits.report,
      hash: hashes.dataHash,
    },
    training,
    seed,
    engine: hashes.engine,
    code: hashes.code,
  };
}

/** Settings as a record holds them: what JSON keeps, so that a key made now equals one made from the record. */
function jsonValues(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(settings)) as Record<string, unknown>;
}
