import { ConfigError, type HostTensors } from '@attune/base';
import type { Engine } from '@attune/engine';
import type { TrialRecord } from '@attune/records';
import {
  type Environment,
  type ProgressListener,
  type ResolvedExperiment,
  readWeights,
  shortHash,
  splitFiles,
  type Trial,
  trainTrial,
  trialName,
  type WorkerCaches,
} from '@attune/runner/node';
import type { FineTuned } from '@attune/training';

/** The trial whose trained values are wanted: read from the weights beside its record, or trained again. */
interface TrainedValuesCall {
  readonly record: TrialRecord;
  /** The record's trial as the experiment has it now. */
  readonly trial: Trial;
  readonly experiment: ResolvedExperiment;
  /** Folder of the record's experiment. */
  readonly output: string;
  readonly engine: Engine;
  readonly environment: Environment;
  readonly caches: WorkerCaches;
  readonly progress: ProgressListener;
  readonly signal: AbortSignal;
}

/**
 * What a recorded trial trained: from the weights kept beside its record, else by training it again.
 *
 * @throws ConfigError when the values are not the recorded ones
 * @throws DOMException named AbortError when the signal is aborted
 */
export async function trainedValues(call: TrainedValuesCall): Promise<HostTensors> {
  return (await readWeights(call.output, call.record)) ?? trainAgain(call);
}

async function trainAgain(call: TrainedValuesCall): Promise<HostTensors> {
  const { record, trial, experiment, engine, caches, progress, signal } = call;
  const plan = experiment.plans[trial.index]!;
  progress.start({ total: 1, reused: 0 });
  progress.trialStarted(trial);
  let tuned: FineTuned | undefined;
  try {
    ({ tuned } = await trainTrial({
      ...{ plan, files: splitFiles(experiment, plan), engine, caches, signal },
      onProgress: ({ step, totalSteps, loss }) => progress.trialProgressed(trial, { step, totalSteps, loss }),
    }));
    if (tuned.parameterHash !== record.parameterHash) throw differentParameters(call, tuned.parameterHash);
    return tuned.values();
  } finally {
    tuned?.dispose();
    progress.stop();
  }
}

function differentParameters({ record, trial, environment }: TrainedValuesCall, hash: string): ConfigError {
  const recorded = describe(record.run.environment, record);
  const here = describe(environment, trial);
  return new ConfigError(
    [
      `${trialName(trial)}: training it again gave other parameters than the recorded ones ` +
        `(hash ${shortHash(hash)}, recorded ${shortHash(record.parameterHash)}), so what would be exported is not what was scored.`,
      `recorded with: ${recorded}`,
      `here:          ${here}`,
      'Go to that commit and machine, or run the trial anew with "attune run ... --fresh --save-weights" and export it then.',
    ].join('\n'),
  );
}

function describe(
  { commit, dirty, node, platform }: Environment,
  { config, code }: Pick<Trial, 'config' | 'code'>,
): string {
  const libraries = Object.entries(config.libraries).map(([name, version]) => `${name} ${version}`);
  const state = `commit ${commit.slice(0, 10)}${dirty ? ' with changes' : ''}`;
  return [state, `code ${shortHash(code)}`, platform, `node ${node}`, ...libraries].join(', ');
}
