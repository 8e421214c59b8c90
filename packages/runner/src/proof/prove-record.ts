import type { TrialRecord } from '@attune/records';
import { groupOf } from '../pool/trial-group.ts';
import { splitFiles, type Trial } from '../trial/expand-trials.ts';
import { failureMessage } from '../trial/failure-message.ts';
import { prepareTrial } from '../trial/prepare-trial.ts';
import { ChangedFileError } from '../trial/read-unchanged.ts';
import type { TrialContext } from '../trial/run-trial.ts';
import { fineTuneCall } from '../trial/train-trial.ts';
import { type Comparison, compareWithRecord, type ProvedRecord } from './compare-with-record.ts';
import { proveTrial } from './prove-trial.ts';

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
