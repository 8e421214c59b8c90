import { linearSchedule, type Schedule } from '../optimizers/schedules.ts';
import type { TrainingSettings } from './training-settings.ts';

/** When things happen, in steps counted from 1. */
export interface Timetable {
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly schedule: Schedule;
  /** Whether the step is followed by an evaluation; the last one always is. */
  isEvaluation(step: number): boolean;
}

/**
 * totalSteps = ⌈epochs · stepsPerEpoch⌉, at most maxSteps; warm-up takes ⌈warmupRatio · totalSteps⌉ of them.
 *
 * @param numInstances  of one epoch; 0 gives no steps
 */
export function makeTimetable(settings: TrainingSettings, numInstances: number): Timetable {
  const batchSize = Math.max(1, Math.min(settings.batchSize, numInstances));
  const stepsPerEpoch = Math.ceil(numInstances / batchSize);
  const totalSteps = Math.min(
    Math.ceil(settings.epochs * stepsPerEpoch),
    settings.maxSteps ?? Number.POSITIVE_INFINITY,
  );
  const interval = Math.max(1, Math.round(stepsPerEpoch / settings.evaluationsPerEpoch));
  return {
    batchSize,
    stepsPerEpoch,
    totalSteps,
    schedule: linearSchedule({ warmupSteps: Math.ceil(settings.warmupRatio * totalSteps), totalSteps }),
    isEvaluation: (step) => step % interval === 0 || step === totalSteps,
  };
}
