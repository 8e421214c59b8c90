import type { RunOptions } from '../experiment/resolved.ts';
import type { Comparison, ProvedRecord } from '../proof/compare-with-record.ts';
import type { Environment } from '../trial/environment.ts';
import type { Trial } from '../trial/expand-trials.ts';
import type { FinishedTrial } from '../trial/run-trial.ts';
import type { WorkerHoisting } from './hoisting.ts';

/** What a worker needs once, before its first trial. */
export interface WorkerSetup {
  readonly file: string;
  readonly options: RunOptions;
  /** URL of a module that exports `catalog`. */
  readonly catalogUrl: string;
  readonly engine: string;
  readonly device: string;
  readonly threads: number;
  readonly hoisting: WorkerHoisting;
  readonly environment: Environment;
  /** The output folder that keeps what trials trained; they are not kept when absent. */
  readonly saveWeightsIn?: string;
}

export type ToWorker =
  | { readonly type: 'setup'; readonly setup: WorkerSetup }
  | { readonly type: 'trial'; readonly trial: Trial }
  /** To say whether the record is what the trial would give, without training. */
  | { readonly type: 'prove'; readonly trial: Trial; readonly record: ProvedRecord };

export interface TrialProgress {
  readonly step: number;
  readonly totalSteps: number;
  /** Null before the first loss. */
  readonly loss: number | null;
}

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly progress: TrialProgress }
  | ({ readonly type: 'record' } & FinishedTrial)
  | { readonly type: 'proved'; readonly comparison: Comparison }
  /** The worker could not be set up, or read what is not what was planned; none will fare better. */
  | { readonly type: 'unusable'; readonly message: string };
