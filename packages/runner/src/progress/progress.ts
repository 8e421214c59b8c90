import type { TrialRecord } from '@attune/records';
import type { TrialProgress } from '../pool/messages.ts';
import type { Trial } from '../trial/expand-trials.ts';

/** Is told what happens while an experiment runs. */
export interface ProgressListener {
  start(run: { readonly total: number; readonly reused: number }): void;
  trialStarted(trial: Trial): void;
  trialProgressed(trial: Trial, progress: TrialProgress): void;
  trialEnded(trial: Trial, record: TrialRecord): void;
  stop(): void;
}

/** `lora-r8 · boolq · mini-bert · seed 1`; the method's name where no arm is known. */
export function trialName({ config, arm = config.method.name }: Pick<Trial, 'config'> & Partial<Trial>): string {
  return `${arm} · ${config.task.name} · ${config.model.name} · seed ${config.seed}`;
}

/** `completed, score 0.712`, or the status and its message. */
export function outcomeText(record: TrialRecord): string {
  if (record.status !== 'completed') return `${record.status}: ${record.message ?? ''}`;
  return `score ${(100 * (record.scores.score ?? Number.NaN)).toFixed(1)}`;
}
