import { type FineTuned, fineTune, type Progress, paddingOf, type StepEngine } from '@attune/core';
import type { TrialPlan } from '../experiment/resolved.ts';
import { type PreparedTrial, prepareTrial } from './prepare-trial.ts';
import { taskScores } from './task-scores.ts';
import type { WorkerCaches } from './worker-caches.ts';

export interface TrainCall {
  readonly plan: TrialPlan;
  /** Files of the train, select and report splits. */
  readonly files: readonly [train: string, select: string, report: string];
  readonly engine: StepEngine;
  readonly caches: WorkerCaches;
  /** Equal for trials that run the same steps, see `FineTuneCall`. */
  readonly program?: string | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Stops between steps with an AbortError. */
  readonly signal?: AbortSignal | undefined;
}

export interface TrainedTrial {
  readonly prepared: PreparedTrial;
  /** Dispose it. */
  readonly tuned: FineTuned;
}

/** Trains what a plan says and keeps the checkpoint that is best on the selection split. The same call, the same bits. */
export async function trainTrial({
  plan,
  files,
  engine,
  caches,
  program,
  onProgress,
  signal,
}: TrainCall): Promise<TrainedTrial> {
  const prepared = await prepareTrial({ plan, files, caches });
  const { model, values, tokenizer, attachment, objective, train, select, random } = prepared;
  const tuned = await fineTune({
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
  });
  return { prepared, tuned };
}
