import { DatasetError, ownValue, type StepEngine } from '@attune/base';
import type { Prediction, Task, TaskMetric } from '@attune/core';
import { type FineTuneCall, type FineTuned, fineTune, type Progress, paddingOf } from '@attune/training';
import type { TrialPlan } from '../experiment/resolved.ts';
import type { FileHashes } from './hash-code.ts';
import { type PreparedTrial, prepareTrial, type WorkerCaches } from './prepare-trial.ts';

/** The metrics with their mean as `score`, which is the task's score; one that rows have nothing for is left out of it. */
export function withMean(
  metrics: readonly Pick<TaskMetric, 'name'>[],
  values: Readonly<Record<string, number>>,
): Record<string, number> & { readonly score: number } {
  const measured = metrics.map(({ name }) => ownValue(values, name)!).filter((value) => !Number.isNaN(value));
  return { ...values, score: measured.reduce((sum, value) => sum + value, 0) / measured.length };
}

/** Scores of predictions against the rows' answers. */
export function taskScores(task: Task, rows: readonly unknown[], predictions: readonly Prediction[]) {
  return withMean(task.metrics, task.score(rows, predictions));
}

/** Scores that may be reported. @throws DatasetError when the rows have nothing that one of the metrics measures */
export function reportedScores<Scores extends Readonly<Record<string, number>>>(task: Task, scores: Scores): Scores {
  const lacking = task.metrics.filter(({ name }) => Number.isNaN(scores[name])).map(({ name }) => name);
  if (lacking.length === 0) return scores;
  throw new DatasetError(
    `${task.name}: the reported rows have nothing that ${lacking.join(', ')} measures; report the task's own rows`,
  );
}

/** The trial to be trained, and what with. */
export interface TrainCall {
  readonly plan: TrialPlan;
  /** Files of the train, select and report splits. */
  readonly files: readonly [train: string, select: string, report: string];
  readonly engine: StepEngine;
  readonly caches: WorkerCaches;
  /** Of the files that are read, to check them by; nothing is checked without them. */
  readonly hashes?: FileHashes | undefined;
  /** Equal for trials that run the same steps, see `FineTuneCall`. */
  readonly program?: string | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Is told what comes before the first step. */
  readonly onDoing?: (what: string) => void;
  /** Stops between steps with an AbortError. */
  readonly signal?: AbortSignal | undefined;
}

/** A trial after its training, before it is scored. */
export interface TrainedTrial {
  readonly prepared: PreparedTrial;
  /** What was trained, to be rehearsed again. */
  readonly training: FineTuneCall;
  /** Dispose it. */
  readonly tuned: FineTuned;
}

/** Trains what a plan says and keeps the checkpoint that is best on the selection split. The same call, the same bits. */
export async function trainTrial(call: TrainCall): Promise<TrainedTrial> {
  call.onDoing?.('reading data and model');
  const prepared = await prepareTrial(call);
  call.onDoing?.('compiling the first steps');
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
