import { basename, join } from 'node:path';
import { checkWritableFolder, findPartialFiles, removeStillPartial } from '@attune/base/node';
import type { TrialRecord } from '@attune/records';
import { claimTiming } from './claims/watch.ts';
import type { Catalog } from './experiment/definition.ts';
import type { ExperimentSource } from './experiment/load-experiment.ts';
import type { ResolvedExperiment, RunOptions } from './experiment/resolved.ts';
import { forkWorker } from './pool/fork-worker.ts';
import type { Sharing } from './pool/shared-queue.ts';
import type { Hoisting } from './pool/worker-engines.ts';
import { runOnWorkers } from './pool/worker-pool.ts';
import { describeEngine, setUpWorkers } from './pool/worker-setup.ts';
import type { ProgressListener } from './progress/progress.ts';
import type { ProvedRecord } from './proof/compare-with-record.ts';
import { ProvedRecords } from './proof/proved-records.ts';
import { hasProof, standingOf } from './proof/standing.ts';
import type { Description } from './store/listing.ts';
import { RecordStore } from './store/record-store.ts';
import { hasWeights } from './store/weights-file.ts';
import { emptyRecord } from './trial/empty-record.ts';
import { collectEnvironment, type Environment, libraryVersions } from './trial/environment.ts';
import { expandTrials, type Trial } from './trial/expand-trials.ts';
import { hashCode } from './trial/hash-code.ts';
import { preflight } from './trial/preflight.ts';

/** An experiment to be run, and how. */
export interface RunCall {
  readonly experiment: ResolvedExperiment;
  /** Where workers load the same experiment from. */
  readonly source: ExperimentSource;
  readonly catalog: Catalog;
  /** URL of a module that exports `catalog`, for workers. */
  readonly catalogUrl: string;
  /** Folder of the code, for commit and dirty flag; undefined where it is no checkout. */
  readonly repository: string | undefined;
  readonly output: string;
  /** The command that gives the same report again, of the parts of the experiment that it is to run. */
  readonly commandFor: (parts: NarrowingOptions) => string;
  /** As many as cores and memory allow when absent, see `shareCores`. */
  readonly workers?: number;
  /** Engine threads of each worker; its share of the cores when absent. */
  readonly threads?: number;
  /** Where workers keep hoisted values; false: they compute them anew for every batch. Results are the same. */
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

/** What a run of an experiment came to; numbers count trials, and are 0 when it was stopped before they were known. */
export interface RunOutcome {
  readonly total: number;
  /** Trials that have a record now, of this run or an earlier one. */
  readonly recorded: number;
  /** Trials that failed or diverged. */
  readonly failed: number;
  readonly interrupted: boolean;
  /** Records that other code or another machine made, and that were proved in this run to be what the present code computes. */
  readonly takenOver: number;
  /** Of these, the ones of another kind of processor, where bits of the first steps count for nothing. */
  readonly ofOtherProcessor: number;
  /** Trials that another process ran while this one did. */
  readonly byOthers: number;
}

/**
 * Runs the trials of an experiment that have no record yet (all of them when `fresh`) and writes a record for each.
 *
 * @throws ConfigError, DatasetError for anything that can be known before the first trial, and when the output
 *   cannot be written
 */
export async function runExperiment(call: RunCall): Promise<RunOutcome> {
  const { output, hoisting = {} } = call;
  if (hoisting !== false && hoisting.directory !== undefined) {
    await checkWritableFolder('--hoist-directory', hoisting.directory);
  }
  call.progress.doing?.('Checking data, models and records');
  const store = await RecordStore.open(output);
  const claims = store.claims;
  const partial = await findPartialFiles(outputFolders.map((folder) => join(output, folder)));
  try {
    return await runInto(store, { ...call, hoisting });
  } catch (error) {
    // Stopped before the first trial.
    if (error !== call.signal.reason || !call.signal.aborted) throw error;
    return { ...{ total: 0, recorded: 0, failed: 0, interrupted: true }, ...nothingTaken };
  } finally {
    claims.close();
    await removeStillPartial(partial);
  }
}

/** Where a run or its report writes. */
const outputFolders = ['.', '.attune', 'records', 'predictions', 'losses', 'weights', 'figures'];

async function runInto(store: RecordStore, call: RunCall & Pick<PendingCall, 'hoisting'>): Promise<RunOutcome> {
  const { experiment, output, signal } = call;
  const environment = collectEnvironment(call.repository);
  const engine = await describeEngine(experiment);
  const libraries = libraryVersions();
  const code = hashCode(call.catalog.codeDirectories);
  const listed = await expandTrials(experiment, { engine, libraries, code }, signal);
  // Arms with the same configuration are one trial.
  const trials = [...new Map(listed.map((trial) => [trial.key, trial])).values()];
  await store.load(trials, { replaced: call.fresh === true });
  signal.throwIfAborted();
  const proved = await ProvedRecords.load({ output, code, experiment: store.experiment });
  const standing = standingOf({ trials, ...call, store: usableRecords(call, store), proved });
  const records = new Map(standing.valid);
  await preflight(
    experiment,
    standing.absent.map(({ index }) => experiment.plans[index]!),
    signal,
  );
  await listTrials(call, store, listed);
  const pending = trials.filter(({ key }) => !records.has(key));
  const taken = await runPending({
    ...{ ...call, store, environment, pending, records, engine, proved },
    ...{ toProve: new Map(standing.toProve), unproved: standing.unproved },
  });
  return { ...outcomeOf(trials, records, signal), ...taken };
}

/** The records that a run may take: none when it is fresh, and none whose weights are wanted and were not kept. */
function usableRecords(call: RunCall, store: RecordStore): Pick<RecordStore, 'recorded'> {
  return {
    recorded: (key) => {
      const record = call.fresh ? undefined : store.recorded(key);
      return record !== undefined && lacksWeights(call, record) ? undefined : record;
    },
  };
}

function lacksWeights({ saveWeights, output }: RunCall, record: TrialRecord): boolean {
  return saveWeights === true && record.status === 'completed' && !hasWeights(output, record);
}

/** The trials that have no valid record yet, and what runs them. */
interface PendingCall extends RunCall {
  readonly hoisting: Hoisting | false;
  readonly store: RecordStore;
  readonly environment: Environment;
  readonly pending: readonly Trial[];
  readonly records: Map<string, TrialRecord>;
  readonly engine: { readonly name: string; readonly device: string };
  readonly proved: ProvedRecords;
  readonly toProve: Map<string, ProvedRecord>;
  readonly unproved: number;
}

type Taken = Pick<RunOutcome, 'takenOver' | 'ofOtherProcessor' | 'byOthers'>;

const nothingTaken: Taken = { takenOver: 0, ofOtherProcessor: 0, byOthers: 0 };

async function runPending(call: PendingCall): Promise<Taken> {
  const { pending, records, store, environment, progress, proved, toProve, unproved } = call;
  const saveWeightsIn = call.saveWeights ? call.output : undefined;
  const { workers, setup } = await setUpWorkers({ ...call, saveWeightsIn });
  progress.start({ total: records.size + pending.length, reused: records.size, toProve: toProve.size, unproved });
  const taken = { ...nothingTaken };
  const differing = new Set<string>();
  try {
    await runOnWorkers({
      trials: pending,
      workers,
      setup,
      fork: forkWorker,
      signal: call.signal,
      sharing: sharingOf(call, (trial, record) => {
        records.set(trial.key, record);
        taken.byOthers += 1;
        progress.trialEnded(trial, record);
      }),
      onStart: (trial, doing) => progress.trialStarted(trial, doing),
      onProgress: (trial, state) => progress.trialProgressed(trial, state),
      proving: {
        recordOf: ({ key }) => toProve.get(key),
        onProved: (trial, { differences, otherProcessor }) => {
          progress.trialProved?.(trial, { differences, runsAgain: differences.length > 0 });
          const record = toProve.get(trial.key)!;
          if (differences.length > 0) {
            differing.add(trial.key);
            return false;
          }
          records.set(trial.key, record);
          proved.add(record);
          taken.takenOver += 1;
          if (otherProcessor) taken.ofOtherProcessor += 1;
          return true;
        },
      },
      onDeath: (trial, message) => emptyRecord(trial, { environment, status: 'failed', message }),
      onRecord: async (trial, finished) => {
        // A trial that ran because its record does not count any more gets a new one, equal or not.
        const isAsked = call.fresh === true || (!differing.has(trial.key) && store.finished(trial) !== undefined);
        const record = await store.write(finished, { equalStays: isAsked && call.rewrite !== true });
        records.set(trial.key, record);
        progress.trialEnded(trial, record);
      },
    });
  } finally {
    progress.stop();
    await store.close();
    await proved.save();
  }
  return taken;
}

/** Leaves to other processes what they run in the same folder, and takes their records. */
function sharingOf(call: PendingCall, onArrived: (trial: Trial, record: TrialRecord) => void): Sharing {
  const { store, progress, proved, toProve } = call;
  const claims = store.claims;
  return {
    lookEveryMs: claimTiming.lookEveryMs,
    onWaiting: (trials) => progress.waiting?.(trials),
    release: ({ key }) => claims.release(key),
    take: async (trial) => {
      if (!claims.take(trial.key)) return 'theirs';
      const record = await store.arrived(trial);
      if (record === undefined || lacksWeights(call, record)) return 'ours';
      if (record.code !== trial.code && !proved.has(record)) {
        if (hasProof(record) && record.status !== 'failed') toProve.set(trial.key, record);
        return 'ours';
      }
      claims.release(trial.key);
      onArrived(trial, record);
      return 'recorded';
    },
  };
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
): Omit<RunOutcome, keyof Taken> {
  const statuses = [...records.values()].map(({ status }) => status);
  return {
    total: trials.length,
    recorded: records.size,
    failed: statuses.filter((status) => status === 'failed' || status === 'diverged').length,
    interrupted: signal.aborted && records.size < trials.length,
  };
}
