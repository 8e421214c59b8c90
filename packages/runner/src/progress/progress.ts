import { shownLine, shownText } from '@attune/base';
import { listedName, type TrialRecord } from '@attune/records';
import type { Trial } from '../trial/expand-trials.ts';
import type { TrialProgress } from '../trial/run-trial.ts';

/** Is told what happens while an experiment runs. */
export interface ProgressListener {
  /** What is being done before the trials start, from the first second on: `Reading experiments/quick.ts`. */
  doing?(what: string): void;
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
  /** @param trials  how many trials of other processes are waited for, now that nothing else is left to run */
  waiting?(trials: number): void;
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

/** `step 12/40, loss 0.432`, or what the trial does before its first step. */
export function stateText({ step, totalSteps, loss, doing }: TrialProgress): string {
  if (doing !== undefined) return doing;
  return `step ${step}/${totalSteps}${loss === null ? '' : `, loss ${loss.toFixed(3)}`}`;
}

/** `waiting for 2 trials of another process` */
export function waitingText(trials: number): string {
  return `waiting for ${trials} ${trials === 1 ? 'trial' : 'trials'} of another process`;
}

/** `completed, score 0.712`, or the status and its message. */
export function outcomeText(record: TrialRecord): string {
  if (record.status !== 'completed') return shownText(`${record.status}: ${record.message ?? ''}`);
  return `score ${(100 * (record.scores.score ?? Number.NaN)).toFixed(1)}`;
}

/** Notes of records that were not shown yet: each is shown once, with the first trial that has it. */
export class NewNotes {
  readonly #shown = new Set<string>();

  /** `lora-r8 · boolq · mini-bert · seed 1: note: pooler: not in the checkpoint …` */
  of(trial: Trial, { notes, config }: Pick<TrialRecord, 'notes' | 'config'>): readonly string[] {
    const added = notes.filter((note) => !this.#shown.has(`${config.model.name} ${note}`));
    for (const note of added) this.#shown.add(`${config.model.name} ${note}`);
    return added.map((note) => shownLine(`${trialName(trial)}: note: ${note}`));
  }
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

/** `, 3m 20s left`; nothing while that is unknown. */
export function leftText(ms: number | undefined): string {
  return ms === undefined ? '' : `, ${formatDuration(ms)} left`;
}

/** `45s`, `3m 20s`, `1h 05m`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${String(seconds % 60).padStart(2, '0')}s`;
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`;
}
