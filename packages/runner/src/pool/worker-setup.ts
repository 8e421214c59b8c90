import { availableParallelism } from 'node:os';
import { type Engine, selectEngine } from '@attune/engine';
import type { ExperimentSource } from '../experiment/load-experiment.ts';
import { hubCommits } from '../experiment/locate-models.ts';
import type { ResolvedExperiment, RunOptions } from '../experiment/resolved.ts';
import type { Comparison, ProvedRecord } from '../proof/compare-with-record.ts';
import type { Environment } from '../trial/environment.ts';
import type { Trial } from '../trial/expand-trials.ts';
import type { FinishedTrial, TrialProgress } from '../trial/run-trial.ts';
import { shareCores, trialBytes } from './share-cores.ts';
import { type Hoisting, shareHoisting, type WorkerHoisting } from './worker-engines.ts';

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

/** Messages to a worker: the setup once, then a trial at a time. */
export type ToWorker =
  | { readonly type: 'setup'; readonly setup: WorkerSetup }
  | { readonly type: 'trial'; readonly trial: Trial }
  /** To say whether the record is what the trial would give, without training. */
  | { readonly type: 'prove'; readonly trial: Trial; readonly record: ProvedRecord };

/** Messages of a worker. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly progress: TrialProgress }
  | ({ readonly type: 'record' } & FinishedTrial)
  | { readonly type: 'proved'; readonly comparison: Comparison }
  /** The worker could not be set up, or read what is not what was planned; none will fare better. */
  | { readonly type: 'unusable'; readonly message: string };

/** What workers are to run, and what they share. */
interface WorkersCall {
  readonly experiment: ResolvedExperiment;
  /** Where workers load the same experiment from. */
  readonly source: ExperimentSource;
  /** URL of a module that exports `catalog`, for workers. */
  readonly catalogUrl: string;
  readonly engine: { readonly name: string; readonly device: string };
  readonly environment: Environment;
  readonly hoisting: Hoisting | false;
  /** Trials that wait. */
  readonly pending: readonly Trial[];
  /** As many as cores and memory allow when absent, see `shareCores`. */
  readonly workers?: number | undefined;
  /** Engine threads of each worker; its share of the cores when absent. */
  readonly threads?: number | undefined;
  readonly saveWeightsIn?: string | undefined;
}

/** How many workers there are to be, and what each is told. */
export async function setUpWorkers(
  call: WorkersCall,
): Promise<{ readonly workers: number; readonly setup: WorkerSetup }> {
  const { experiment, source, catalogUrl, engine, environment, pending, saveWeightsIn } = call;
  const directories = [...new Set(pending.map(({ index }) => experiment.plans[index]!.model.directory))];
  const memory = { availableBytes: process.availableMemory(), trialBytes: await trialBytes(directories) };
  const demand = { cores: availableParallelism(), trials: pending.length, memory };
  const { workers, threads } = shareCores({ ...demand, workers: call.workers, threads: call.threads });
  return {
    workers,
    setup: {
      ...{ ...source, options: { ...source.options, hubCommits: hubCommits(experiment) } },
      ...{ catalogUrl, engine: engine.name, device: engine.device, threads, environment },
      hoisting: shareHoisting(call.hoisting, workers),
      ...(saveWeightsIn === undefined ? {} : { saveWeightsIn }),
    },
  };
}

/** Name and device of the engine that an experiment runs on here. */
export async function describeEngine({
  engine: name,
  device,
}: ResolvedExperiment): Promise<Pick<Engine, 'name' | 'device'>> {
  const choice = { ...(name === undefined ? {} : { name }), ...(device === undefined ? {} : { device }) };
  const engine = await selectEngine(choice);
  return { name: engine.name, device: engine.device };
}
