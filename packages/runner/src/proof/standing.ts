import type { TrialRecord } from '@attune/records';
import type { Catalog } from '../experiment/catalog.ts';
import type { ResolvedExperiment } from '../experiment/resolved.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { Trial } from '../trial/expand-trials.ts';
import { isListed } from '../trial/own-code.ts';
import type { ProvedRecord } from './compare-with-record.ts';
import { hasProof } from './prove-record.ts';
import type { ProvedRecords } from './proved-records.ts';

/** What the records of an output folder are worth to a run. */
export interface Standing {
  /** Records that hold as they are, by key. */
  readonly valid: ReadonlyMap<string, TrialRecord>;
  /** Records that hold when they are proved, by key. */
  readonly toProve: ReadonlyMap<string, ProvedRecord>;
  /** Trials without a record that could hold. */
  readonly absent: readonly Trial[];
  /** How many of these have a record without a proof. */
  readonly unproved: number;
}

export interface StandingCall {
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
