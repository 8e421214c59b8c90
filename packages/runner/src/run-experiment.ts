import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { checkWritableFolder, selectEngine } from '@attune/engine';
import type { TrialRecord } from '@attune/records';
import type { Catalog } from './experiment/catalog.ts';
import type { ExperimentSource } from './experiment/load-experiment.ts';
import { hubCommits } from './experiment/locate-models.ts';
import type { ResolvedExperiment, RunOptions } from './experiment/resolved.ts';
import { forkWorker } from './pool/fork-worker.ts';
import { type Hoisting, shareHoisting } from './pool/hoisting.ts';
import type { WorkerSetup } from './pool/messages.ts';
import { type CoreShare, shareCores } from './pool/share-cores.ts';
import { trialBytes } from './pool/trial-memory.ts';
import { runOnWorkers } from './pool/worker-pool.ts';
import type { ProgressListener } from './progress/progress.ts';
import { type Description, RecordStore } from './store/record-store.ts';
import { hasWeights } from './store/weights-file.ts';
import { emptyRecord } from './trial/empty-record.ts';
import { collectEnvironment, type Environment, libraryVersions } from './trial/environment.ts';
import { expandTrials, type Trial } from './trial/expand-trials.ts';
import { experimentCode } from './trial/own-code.ts';
import { preflight } from './trial/preflight.ts';

export interface RunCall {
  readonly experiment: ResolvedExperiment;
  /** Where workers load the same experiment from. */
  readonly source: ExperimentSource;
  readonly catalog: Catalog;
  /** URL of a module that exports `catalog`, for workers. */
  readonly catalogUrl: string;
  /** Folder of the code, for commit and dirty flag. */
  readonly repository: string;
  readonly output: string;
  /** The command that gives the same report again, of the parts of the experiment that it is to run. */
  readonly commandFor: (parts: NarrowingOptions) => string;
  /** As many as cores and memory allow when absent, see `shareCores`. */
  readonly workers?: number;
  /** Engine threads of each worker; its share of the cores when absent. */
  readonly threads?: number;
  /** Where workers keep what is computed once; false: they compute it for every batch. Results are the same. */
  readonly hoisting?: Hoisting | false;
  /** Runs every trial again, also those that have a record; a record stays as it is when the results are equal. */
  readonly fresh?: boolean;
  /** Replaces records also by equal ones, with the times and the commit of this run. */
  readonly rewrite?: boolean;
  /** Keeps what each trial trains beside its record; a trial whose weights were not kept runs again. */
  readonly saveWeights?: boolean;
  readonly progress: ProgressListener;
  readonly signal: AbortSignal;
}

export interface RunOutcome {
  readonly total: number;
  /** Trials that have a record now, of this run or an earlier one. */
  readonly recorded: number;
  /** Trials that failed or diverged. */
  readonly failed: number;
  readonly interrupted: boolean;
}

/**
 * Runs the trials of an experiment that have no record yet (all of them when `fresh`) and writes a record for each.
 *
 * @throws ConfigError, DatasetError for anything that can be known before the first trial, and when the output
 *   cannot be written
 */
export async function runExperiment(call: RunCall): Promise<RunOutcome> {
  const { experiment, output, hoisting = {} } = call;
  if (hoisting !== false && hoisting.directory !== undefined) {
    await checkWritableFolder('--hoist-directory', hoisting.directory);
  }
  const store = await RecordStore.open(output);
  const environment = collectEnvironment(call.repository);
  const engine = await describeEngine(experiment);
  const libraries = libraryVersions();
  const code = await experimentCode(experiment, { ...call, file: call.source.file, versions: libraries });
  const listed = await expandTrials(experiment, { engine, libraries, code });
  // Arms with the same configuration are one trial.
  const trials = [...new Map(listed.map((trial) => [trial.key, trial])).values()];
  await store.load(trials, { replaced: call.fresh === true });
  const records = new Map<string, TrialRecord>();
  for (const trial of trials) {
    const record = call.fresh ? undefined : store.finished(trial);
    if (record !== undefined && !lacksWeights(call, record)) records.set(trial.key, record);
  }
  const pending = trials.filter(({ key }) => !records.has(key));
  await preflight(
    experiment,
    pending.map(({ index }) => experiment.plans[index]!),
  );
  await listTrials(call, store, listed);
  await runPending({ ...call, hoisting, store, environment, pending, records, engine });
  return outcomeOf(trials, records, call.signal);
}

function lacksWeights({ saveWeights, output }: RunCall, record: TrialRecord): boolean {
  return saveWeights === true && record.status === 'completed' && !hasWeights(output, record);
}

async function describeEngine({ engine: name, device }: ResolvedExperiment) {
  const choice = { ...(name === undefined ? {} : { name }), ...(device === undefined ? {} : { device }) };
  const engine = await selectEngine(choice);
  return { name: engine.name, device: engine.device };
}

interface PendingCall extends RunCall {
  readonly hoisting: Hoisting | false;
  readonly store: RecordStore;
  readonly environment: Environment;
  readonly pending: readonly Trial[];
  readonly records: Map<string, TrialRecord>;
  readonly engine: { readonly name: string; readonly device: string };
}

async function runPending(call: PendingCall): Promise<void> {
  const { experiment, pending, records, store, environment, progress, source, catalogUrl, engine } = call;
  const { workers, threads } = await share(call);
  const setup: WorkerSetup = {
    ...{ ...source, options: { ...source.options, hubCommits: hubCommits(experiment) } },
    ...{ catalogUrl, engine: engine.name, device: engine.device, threads, environment },
    hoisting: shareHoisting(call.hoisting, workers),
    ...(call.saveWeights ? { saveWeightsIn: call.output } : {}),
  };
  progress.start({ total: records.size + pending.length, reused: records.size });
  try {
    await runOnWorkers({
      trials: pending,
      workers,
      setup,
      fork: forkWorker,
      signal: call.signal,
      onStart: (trial) => progress.trialStarted(trial),
      onProgress: (trial, state) => progress.trialProgressed(trial, state),
      onDeath: (trial, message) => emptyRecord(trial, { environment, status: 'failed', message }),
      onRecord: async (trial, finished) => {
        // A trial that ran because its record does not count any more gets a new one, equal or not.
        const isAsked = call.fresh === true || store.finished(trial) !== undefined;
        const record = await store.write(finished, { equalStays: isAsked && call.rewrite !== true });
        records.set(trial.key, record);
        progress.trialEnded(trial, record);
      },
    });
  } finally {
    progress.stop();
  }
}

async function share({ workers, threads, pending, experiment }: PendingCall): Promise<CoreShare> {
  const directories = [...new Set(pending.map(({ index }) => experiment.plans[index]!.model.directory))];
  const memory = { availableBytes: process.availableMemory(), trialBytes: await trialBytes(directories) };
  return shareCores({ cores: availableParallelism(), trials: pending.length, workers, threads, memory });
}

/** What narrows an experiment to a part of it. */
export type NarrowingOptions = Pick<RunOptions, 'tasks' | 'methods' | 'models' | 'seeds'>;

async function listTrials(call: RunCall, store: RecordStore, trials: readonly Trial[]): Promise<void> {
  const { source, commandFor } = call;
  const { tasks, methods, models, seeds } = source.options;
  const isPart = [tasks, methods, models, seeds].some((names) => names !== undefined);
  const description = describeExperiment(call, store, trials);
  await store.list(description, trials, {
    isPart,
    commandFor: ({ arms, ...whole }) => commandFor({ ...whole, methods: arms }),
  });
}

function describeExperiment(call: RunCall, store: RecordStore, trials: readonly Trial[]): Description {
  const { experiment, source, rewrite } = call;
  const { name, title, question } = experiment;
  const known = rewrite ? undefined : store.experiment;
  // The same trials by the same file: another path to it or to the data is no reason to write.
  const isSame =
    known?.command.includes(basename(source.file)) === true &&
    known.trials.length === trials.length &&
    known.trials.every(({ key, arm }, index) => key === trials[index]!.key && arm === trials[index]!.arm);
  return {
    ...{ name, title, question, command: isSame ? known.command : call.commandFor(source.options) },
    models: experiment.models.map((model) => model.name),
    arms: experiment.arms.map(({ label }) => label),
    tasks: experiment.tasks.map((task) => task.name),
    seeds: [...experiment.seeds],
  };
}

function outcomeOf(
  trials: readonly Trial[],
  records: ReadonlyMap<string, TrialRecord>,
  signal: AbortSignal,
): RunOutcome {
  const statuses = [...records.values()].map(({ status }) => status);
  return {
    total: trials.length,
    recorded: records.size,
    failed: statuses.filter((status) => status === 'failed' || status === 'diverged').length,
    interrupted: signal.aborted && records.size < trials.length,
  };
}
