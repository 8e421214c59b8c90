import { listedName, type TrialRecord } from '@attune/records';
import type { TrialProgress } from '../pool/messages.ts';
import type { Trial } from '../trial/expand-trials.ts';

/** Is told what happens while an experiment runs. */
export interface ProgressListener {
  /** @param run.toProve  recorded trials that are proved first; @param run.unproved  recorded ones that cannot be */
  start(run: {
    readonly total: number;
    readonly reused: number;
    readonly toProve?: number;
    readonly unproved?: number;
  }): void;
  trialStarted(trial: Trial, doing?: 'train' | 'prove'): void;
  trialProgressed(trial: Trial, progress: TrialProgress): void;
  trialEnded(trial: Trial, record: TrialRecord): void;
  /** @param proved.differences  what the present code makes otherwise; the record is taken over where there are none */
  trialProved?(trial: Trial, proved: { readonly differences: readonly string[]; readonly runsAgain: boolean }): void;
  stop(): void;
}

/** `lora-r8 · boolq · mini-bert · seed 1`; the method's name where no arm is known. */
export function trialName({ config, arm = config.method.name }: Pick<Trial, 'config'> & Partial<Trial>): string {
  return `${arm} · ${config.task.name} · ${config.model.name} · seed ${config.seed}`;
}

/** `rte--lora--mini-bert--s1: instances of the training split differ` */
export function differenceText({ config, arm }: Trial, differences: readonly string[]): string {
  const name = listedName({ task: config.task.name, arm, model: config.model.name, seed: config.seed });
  return `${name}: ${differences.join(', ')}`;
}

/** What a run says of records that do not hold at once; empty where all do. */
export function provingText({ toProve = 0, unproved = 0 }: { readonly toProve?: number; readonly unproved?: number }) {
  const parts = [
    ...(toProve > 0 ? [`${toProve} to be proved`] : []),
    ...(unproved > 0 ? [`${unproved} recorded without a proof, which run again`] : []),
  ];
  return parts.map((part) => `, ${part}`).join('');
}

/** `completed, score 0.712`, or the status and its message. */
export function outcomeText(record: TrialRecord): string {
  if (record.status !== 'completed') return `${record.status}: ${record.message ?? ''}`;
  return `score ${(100 * (record.scores.score ?? Number.NaN)).toFixed(1)}`;
}
