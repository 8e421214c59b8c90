import { plural, type TrainingSettings } from '@attune/base';
import { makeTimetable } from './timetable.ts';

/** Settings, and what they meet. */
interface SettingsCall {
  readonly settings: TrainingSettings;
  /** Positions that the model has. */
  readonly modelLength: number;
  /** Of one epoch; 0 where nothing trains. */
  readonly numInstances: number;
  /** Whether a selection is made among evaluated steps. */
  readonly selects: boolean;
}

/**
 * What of the settings could not be followed, or has no effect on this model and these data: a sentence each, which
 * begins with the setting. None where all are as they were asked for.
 */
export function settingsNotes(call: SettingsCall): readonly string[] {
  const { settings, modelLength, numInstances } = call;
  const { maxLength, batchSize } = settings;
  const length =
    maxLength > modelLength
      ? [
          `maxLength ${maxLength}: the model has ${modelLength} positions, so sequences have ${modelLength} tokens at most`,
        ]
      : [];
  if (numInstances === 0) return length;
  const batch =
    batchSize > numInstances
      ? [
          `batchSize ${batchSize}: there are ${plural(numInstances, 'instance')} to train on, so a step takes all of them`,
        ]
      : [];
  return [...length, ...batch, ...timetableNotes(call)];
}

function timetableNotes({ settings, numInstances, selects }: SettingsCall): string[] {
  const { warmupRatio, evaluationsPerEpoch, patience } = settings;
  const { totalSteps, stepsPerEpoch, warmupSteps, isEvaluation } = makeTimetable(settings, numInstances);
  const notes: string[] = [];
  if (warmupSteps >= totalSteps) {
    const effect =
      totalSteps === 1
        ? 'the only step warms up, so its learning rate is 0'
        : `all ${totalSteps} steps warm up, so the learning rate never gets to its peak`;
    notes.push(`warmupRatio ${warmupRatio}: ${effect}`);
  }
  if (!selects) return notes;
  const evaluations = Array.from({ length: totalSteps }, (_, index) => index + 1).filter(isEvaluation).length;
  const evaluated = `evaluationsPerEpoch ${evaluationsPerEpoch}: an epoch has ${plural(stepsPerEpoch, 'step')}`;
  if (evaluationsPerEpoch > stepsPerEpoch) notes.push(`${evaluated}, so an evaluation follows each`);
  else if (evaluations === 1 && totalSteps < Math.round(stepsPerEpoch / evaluationsPerEpoch)) {
    notes.push(`${evaluated} and the training ${totalSteps}, so an evaluation follows the last alone`);
  }
  // The first evaluation is before the steps, and the last ends a training anyway.
  if (patience !== undefined && patience >= evaluations) {
    notes.push(
      `patience ${patience}: evaluations follow ${plural(evaluations, 'step')}, so it cannot end the training`,
    );
  }
  return notes;
}
