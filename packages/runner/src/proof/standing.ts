import type { TrialRecord } from '@attune/records';
import type { Catalog } from '../experiment/definition.ts';
import type { ResolvedExperiment } from '../experiment/resolved.ts';
import { groupOf } from '../pool/trial-queue.ts';
import type { RecordStore } from '../store/record-store.ts';
import { failureMessage } from '../trial/empty-record.ts';
import { splitFiles, type Trial } from '../trial/expand-trials.ts';
import { isListed } from '../trial/hash-code.ts';
import { prepareTrial } from '../trial/prepare-trial.ts';
import { ChangedFileError } from '../trial/read-unchanged.ts';
import type { TrialContext } from '../trial/run-trial.ts';
import { fineTuneCall } from '../trial/train-trial.ts';
import { type Comparison, compareWithRecord, type ProvedRecord } from './compare-with-record.ts';
import { proveTrial } from './prove-trial.ts';
import type { ProvedRecords } from './proved-records.ts';

/** What the records of an output folder are worth to a run. */
interface Standing {
  /** Records that hold as they are, by key. */
  readonly valid: ReadonlyMap<string, TrialRecord>;
  /** Records that hold when they are proved, by key. */
  readonly toProve: ReadonlyMap<string, ProvedRecord>;
  /** Trials without a record that could hold. */
  readonly absent: readonly Trial[];
  /** How many of these have a record without a proof. */
  readonly unproved: number;
}

/** Trials, and what is known of their records. */
interface StandingCall {
  readonly trials: readonly Trial[];
  readonly experiment: ResolvedExperiment;
  readonly catalog: Catalog;
  readonly store: Pick<RecordStore, 'recorded'>;
  readonly proved: ProvedRecords;
}

/**
 * Sorts trials by their records. One of the present code, or proved to be what that computes, holds at once, unless the
 * experiment's file brings the method or the task: then what it imports may have changed unseen, and the record is proved.
 * A failed trial has no record that holds; one whose data is absent computes nothing that could differ.
 */
export function standingOf({ trials, experiment, catalog, store, proved }: StandingCall): Standing {
  const valid = new Map<string, TrialRecord>();
  const toProve = new Map<string, ProvedRecord>();
  const absent: Trial[] = [];
  let unproved = 0;
  for (const trial of trials) {
    const record = store.recorded(trial.key);
    const isOfThisCode = record?.code === trial.code || (record !== undefined && proved.has(record));
    if (record === undefined || record.status === 'failed') absent.push(trial);
    else if (record.status === 'no-data') valid.set(trial.key, record);
    else if (isOfThisCode && isListed(experiment.plans[trial.index]!, catalog)) valid.set(trial.key, record);
    else if (hasProof(record)) toProve.set(trial.key, record);
    else {
      absent.push(trial);
      unproved += 1;
    }
  }
  return { valid, toProve, absent, unproved };
}

/**
 * Says whether the present code computes what a record says, without training. What cannot be computed any more differs.
 *
 * @throws ChangedFileError when a file is not what the trial's key was made of
 */
export async function proveRecord(trial: Trial, record: ProvedRecord, context: TrialContext): Promise<Comparison> {
  const { experiment, engine, caches } = context;
  const plan = experiment.plans[trial.index]!;
  try {
    const files = splitFiles(experiment, plan);
    const prepared = await prepareTrial({ plan, files, caches, hashes: trial.files, share: true });
    const group = groupOf(trial);
    const training = fineTuneCall({ plan, prepared, engine, program: group });
    const proven = await proveTrial({ plan, prepared, training, group, traced: caches.traced });
    return compareWithRecord(record, { plan, prepared, proven });
  } catch (error) {
    if (error instanceof ChangedFileError) throw error;
    return { differences: [`it cannot be proved (${failureMessage(error)})`], otherProcessor: false };
  }
}

/** Whether there is something to prove a record by. */
export function hasProof(record: TrialRecord): record is ProvedRecord {
  return record.proof !== undefined;
}
