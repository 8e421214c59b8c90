import { shownLine, shownText } from '@attune/base';
import { listedName, type TrialRecord } from '@attune/records';
import type { Trial } from '../trial/expand-trials.ts';
import type { TrialProgress } from '../trial/run-trial.ts';

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
  return shownLine(`${arm} · ${config.task.name} · ${config.model.name} · seed ${config.seed}`);
}

/** `rte--lora--mini-bert--s1: instances of the training split differ` */
export function differenceText({ config, arm }: Trial, differences: readonly string[]): string {
  const name = listedName({ task: config.task.name, arm, model: config.model.name, seed: config.seed });
  return shownLine(`${name}: ${differences.join(', ')}`);
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
  if (record.status !== 'completed') return shownText(`${record.status}: ${record.message ?? ''}`);
  return `score ${(100 * (record.scores.score ?? Number.NaN)).toFixed(1)}`;
}

/**
 * Guesses the time an experiment still needs: the time spent on trials so far over the part of them that is done,
 * counting running trials by their steps.
 */
export class TimeLeft {
  readonly #startedMs: number;
  readonly #pending: number;
  #done = 0;
  readonly #running = new Map<string, number>();

  /** @param pending  trials that were to run at the start */
  constructor(pending: number, nowMs: number) {
    this.#pending = pending;
    this.#startedMs = nowMs;
  }

  progressed(key: string, fraction: number): void {
    this.#running.set(key, Math.min(1, fraction));
  }

  ended(key: string): void {
    this.#running.delete(key);
    this.#done += 1;
  }

  /** Undefined until enough is done to tell. */
  leftMs(nowMs: number): number | undefined {
    const partly = [...this.#running.values()].reduce((sum, fraction) => sum + fraction, 0);
    const done = this.#done + partly;
    if (done < Math.min(1, this.#pending * 0.02)) return undefined;
    return ((nowMs - this.#startedMs) / done) * Math.max(0, this.#pending - done);
  }
}

/** `45s`, `3m 20s`, `1h 05m`; `?` when unknown. */
export function formatDuration(ms: number | undefined): string {
  if (ms === undefined) return '?';
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${String(seconds % 60).padStart(2, '0')}s`;
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`;
}
