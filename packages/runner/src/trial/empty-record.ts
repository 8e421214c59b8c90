import { isOutOfMemory, memoryAdvice } from '@attune/engine';
import { packPredictions, recordFormat, sealed, type TrialRecord } from '@attune/records';
import type { Environment } from './environment.ts';
import type { Trial } from './expand-trials.ts';

/** What a failed trial's record says: the error, and what would work where memory ran out. */
export function failureMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = `${error.name}: ${error.message}`;
  // The engine's own steps give the advice themselves; reading data and making tensors may run out as well.
  return isOutOfMemory(error) && !error.message.includes(memoryAdvice) ? `${message}; ${memoryAdvice}` : message;
}

interface Unfinished {
  readonly environment: Environment;
  readonly status: Exclude<TrialRecord['status'], 'completed'>;
  readonly message: string;
}

/** The record of a trial that came to nothing, with the reason. */
export function emptyRecord(trial: Trial, { environment, status, message }: Unfinished): TrialRecord {
  return sealed({
    schemaVersion: recordFormat,
    key: trial.key,
    status,
    message,
    config: trial.config,
    code: trial.code,
    scores: {},
    chance: {},
    majority: {},
    learningCurve: [],
    notes: [],
    predictions: packPredictions([]),
    counts: { trainExamples: 0, selectionExamples: 0, reportedExamples: 0, steps: 0 },
    costs: { trainableParameters: 0, totalParameters: 0, flops: 0, adapterBytes: 0 },
    run: { trainTimeMs: 0, evaluationTimeMs: 0, peakMemoryBytes: 0, environment },
  });
}
