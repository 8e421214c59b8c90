import { checkpointFiles } from '@attune/checkpoints/node';
import { type TrialConfig, trialKey } from '@attune/records';
import type { ResolvedExperiment, TrialPlan } from '../experiment/resolved.ts';
import { type FileHashes, hashFiles } from './hash-code.ts';
import { cached } from './prepare-trial.ts';

/** A trial ready to run: what to do, its configuration with all hashes, and the key made of it. Arms may share one. */
export interface Trial {
  readonly key: string;
  readonly config: TrialConfig;
  /** The label of its arm, for readers. */
  readonly arm: string;
  /** Hash of the code that computes it. */
  readonly code: string;
  /** Position in the experiment, for workers that find it there. */
  readonly index: number;
  /** Of all files that it reads, by which whoever reads them checks that they are what the key was made of. */
  readonly files: FileHashes;
}

/**
 * The trials of an experiment in presentation order (task, arm, model, seed). Data and checkpoints are hashed here,
 * once each.
 *
 * @throws the signal's reason when it aborts
 */
export async function expandTrials(
  experiment: ResolvedExperiment,
  { engine, libraries, code }: TrialSurroundings,
  signal?: AbortSignal,
): Promise<Trial[]> {
  const hashes = new Map<string, ReturnType<typeof hashFiles>>();
  const trials: Trial[] = [];
  for (const [index, plan] of experiment.plans.entries()) {
    signal?.throwIfAborted();
    const files = splitFiles(experiment, plan);
    const { directory } = plan.model;
    const data = await cached(hashes, files.join(), () => hashFiles(files));
    const checkpoint = await cached(hashes, directory, async () => hashFiles(await checkpointFiles(directory)));
    const config = trialConfig(plan, {
      engine,
      libraries,
      dataHash: data.hash,
      checkpointHash: checkpoint.hash,
    });
    const hashed = { ...data.files, ...checkpoint.files };
    trials.push({ key: trialKey(config), config, arm: plan.arm.label, code, index, files: hashed });
  }
  return trials;
}

/** The files of the three splits: train, select, report. */
export function splitFiles(
  { splitFile }: Pick<ResolvedExperiment, 'splitFile'>,
  { task, data: { splits } }: TrialPlan,
): [train: string, select: string, report: string] {
  return [splitFile(task, splits.train), splitFile(task, splits.select), splitFile(task, splits.report)];
}

/** What trials depend on beside their experiment. */
export interface TrialSurroundings extends Pick<TrialConfig, 'engine' | 'libraries'> {
  /** Hash of the code, see `hashCode`. */
  readonly code: string;
}

interface Hashes extends Pick<TrialConfig, 'engine' | 'libraries'> {
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
    method: { name: arm.method.name, settings: jsonValues(arm.settings) },
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
    libraries: hashes.libraries,
  };
}

/** Settings as a record holds them: what JSON keeps, so that a key made now equals one made from the record. */
function jsonValues(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(settings)) as Record<string, unknown>;
}
