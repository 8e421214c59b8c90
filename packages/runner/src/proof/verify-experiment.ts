import type { TrialRecord } from '@attune/records';
import type { Catalog } from '../experiment/definition.ts';
import type { ExperimentSource } from '../experiment/load-experiment.ts';
import type { ResolvedExperiment } from '../experiment/resolved.ts';
import { forkWorker } from '../pool/fork-worker.ts';
import { runOnWorkers } from '../pool/worker-pool.ts';
import { describeEngine, setUpWorkers } from '../pool/worker-setup.ts';
import { differenceText, type ProgressListener } from '../progress/progress.ts';
import { RecordStore } from '../store/record-store.ts';
import { readLosses, readScores } from '../store/sidecar-file.ts';
import { emptyRecord } from '../trial/empty-record.ts';
import { collectEnvironment, libraryVersions } from '../trial/environment.ts';
import { expandTrials, type Trial } from '../trial/expand-trials.ts';
import { hashCode } from '../trial/hash-code.ts';
import type { ProvedRecord } from './compare-with-record.ts';
import { attestRecords, ProvedRecords } from './proved-records.ts';
import { hasProof } from './standing.ts';

/** Whose records are checked, and how far. */
export interface VerifyCall {
  readonly experiment: ResolvedExperiment;
  /** Where workers load the same experiment from. */
  readonly source: ExperimentSource;
  readonly catalog: Catalog;
  readonly catalogUrl: string;
  readonly repository: string | undefined;
  readonly output: string;
  /** Proves every record; without it, files are only checked to be what was written. */
  readonly prove: boolean;
  /** Writes `proved.json` when all records are proved. */
  readonly write: boolean;
  readonly workers?: number | undefined;
  readonly threads?: number | undefined;
  readonly progress: ProgressListener;
  readonly signal: AbortSignal;
}

/** What became of the check. */
export interface Verified {
  /** Records of the experiment's trials. */
  readonly records: number;
  /** Trials of the experiment without a record. */
  readonly absent: number;
  /** Records that hold: the present code computes what they say. */
  readonly proved: number;
  /** What is wrong with the others, one line each. */
  readonly problems: readonly string[];
  /** Records of another kind of processor among those that hold. */
  readonly ofOtherProcessor: number;
  /** The file that says so, if it was written. */
  readonly attested?: string;
  readonly interrupted: boolean;
}

/**
 * Checks the records of an output folder and the files beside them, and proves them without training any trial.
 *
 * @throws ConfigError when a file was changed by hand, or the experiment cannot be run here
 */
export async function verifyExperiment(call: VerifyCall): Promise<Verified> {
  const { experiment, catalog, output, prove, signal } = call;
  const store = await RecordStore.open(output);
  const code = hashCode(catalog.codeDirectories);
  const engine = await describeEngine(experiment);
  const listed = await expandTrials(experiment, { engine, libraries: libraryVersions(), code });
  const trials = [...new Map(listed.map((trial) => [trial.key, trial])).values()];
  await store.load(trials, { replaced: false });
  const recorded = trials.filter(({ key }) => store.recorded(key) !== undefined);
  for (const { key } of recorded) await checkSidecars(output, store.recorded(key)!);
  const counts = { records: recorded.length, absent: trials.length - recorded.length };
  if (!prove) return { ...counts, proved: 0, problems: [], ofOtherProcessor: 0, interrupted: false };
  const found = await proveAll(recorded, { ...call, engine, store, code });
  const held = new Set(found.held);
  const keys = (store.experiment?.trials ?? []).filter(({ hash }) => hash !== null).map(({ key }) => key);
  // Of records that the listing has and the experiment has not any more nothing is known.
  const isWhole = found.problems.length === 0 && keys.every((key) => held.has(key));
  const attested =
    call.write && isWhole && store.experiment !== undefined
      ? await attestRecords(output, code, store.experiment)
      : undefined;
  return {
    ...{ ...counts, proved: held.size, problems: found.problems, ofOtherProcessor: found.ofOtherProcessor },
    ...(attested === undefined ? {} : { attested }),
    interrupted: signal.aborted && held.size + found.problems.length < recorded.length,
  };
}

/** What lies beside a record may be absent, but is not another's. @throws ConfigError when it is */
async function checkSidecars(output: string, record: TrialRecord): Promise<void> {
  await readScores(output, record);
  await readLosses(output, record);
}

/** Records that are proved by workers, and what they are proved with. */
interface ProveAllCall extends VerifyCall {
  readonly engine: { readonly name: string; readonly device: string };
  readonly store: RecordStore;
  readonly code: string;
}

async function proveAll(recorded: readonly Trial[], call: ProveAllCall) {
  const { store, output, code, progress } = call;
  const proved = await ProvedRecords.load({ output, code, experiment: store.experiment });
  const [held, problems, toProve] = [[] as string[], [] as string[], new Map<string, ProvedRecord>()];
  for (const trial of recorded) {
    const record = store.recorded(trial.key)!;
    if (record.status === 'no-data') held.push(trial.key);
    else if (record.status === 'failed') problems.push(differenceText(trial, ['it failed']));
    else if (hasProof(record)) toProve.set(trial.key, record);
    else problems.push(differenceText(trial, ['it has no proof']));
  }
  let ofOtherProcessor = 0;
  const pending = recorded.filter(({ key }) => toProve.has(key));
  const environment = collectEnvironment(call.repository);
  const { workers, setup } = await setUpWorkers({ ...call, hoisting: {}, environment, pending });
  progress.start({ total: recorded.length, reused: held.length, toProve: toProve.size });
  try {
    await runOnWorkers({
      ...{ trials: pending, workers, setup, fork: forkWorker, signal: call.signal },
      onStart: (trial, doing) => progress.trialStarted(trial, doing),
      onProgress: () => {},
      proving: {
        recordOf: ({ key }) => toProve.get(key),
        onProved: (trial, { differences, otherProcessor }) => {
          progress.trialProved?.(trial, { differences, runsAgain: false });
          if (differences.length > 0) problems.push(differenceText(trial, differences));
          else {
            held.push(trial.key);
            proved.add(toProve.get(trial.key)!);
            if (otherProcessor) ofOtherProcessor += 1;
          }
          return true;
        },
      },
      // Nothing is run, so nothing is recorded.
      onRecord: async () => {},
      onDeath: (trial, message) => emptyRecord(trial, { environment, status: 'failed', message }),
    });
  } finally {
    progress.stop();
    await proved.save();
  }
  return { held, problems, ofOtherProcessor };
}
