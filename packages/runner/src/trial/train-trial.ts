import { type FineTuneCall, type FineTuned, fineTune, type Progress, paddingOf, type StepEngine } from '@attune/core';
import type { TrialPlan } from '../experiment/resolved.ts';
import type { FileHashes } from './hash-files.ts';
import { type PreparedTrial, prepareTrial } from './prepare-trial.ts';
import { taskScores } from './task-scores.ts';
import type { WorkerCaches } from './worker-caches.ts';

export interface TrainCall {
  readonly plan: TrialPlan;
  /** Files of the train, select and report splits. */
  readonly files: readonly [train: string, select: string, report: string];
  readonly engine: StepEngine;
  readonly caches: WorkerCaches;
  /** Of the files that are read, to check them by; see `readUnchanged`. */
  readonly hashes?: FileHashes | undefined;
  /** Equal for trials that run the same steps, see `FineTuneCall`. */
  readonly program?: string | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Stops between steps with an AbortError. */
  readonly signal?: AbortSignal | undefined;
}

export interface TrainedTrial {
  readonly prepared: PreparedTrial;
  /** What was trained, to be rehearsed again. */
  readonly training: FineTuneCall;
  /** Dispose it. */
  readonly tuned: FineTuned;
}

/** Trains what a plan says and keeps the checkpoint that is best on the selection split. The same call, the same bits. */
export async function trainTrial(call: TrainCall): Promise<TrainedTrial> {
  const prepared = await prepareTrial(call);
  const training = fineTuneCall({ ...call, prepared });
  return { prepared, training, tuned: await fineTune(training) };
}

/** The training of a prepared trial. */
export function fineTuneCall({
  plan,
  prepared,
  engine,
  program,
  onProgress,
  signal,
}: Omit<TrainCall, 'files' | 'caches' | 'hashes'> & { readonly prepared: PreparedTrial }): FineTuneCall {
  const { model, values, tokenizer, attachment, objective, train, select, random } = prepared;
  return {
    ...{ engine, model, values, attachment, objective, random: random.fork('training') },
    instances: train.formulated.instances,
    settings: plan.training,
    selection: {
      instances: select.formulated.instances,
      score: (outputs) => taskScores(plan.task, select.rows, select.formulated.predict(select.rows, outputs)).score,
    },
    ...paddingOf(tokenizer),
    program,
    onProgress,
    signal,
  };
}
