import { setTimeout } from 'node:timers/promises';
import type { Trial } from '../trial/expand-trials.ts';
import { TrialQueue } from './trial-queue.ts';

/** How the processes that run one experiment divide its trials. */
export interface Sharing {
  /**
   * Asks for a trial: `ours` to run until it is released; `theirs`, of another process that runs it now; `recorded` by
   * one meanwhile, so that nothing is left to do.
   */
  readonly take: (trial: Trial) => Promise<'ours' | 'theirs' | 'recorded'>;
  readonly release: (trial: Trial) => void;
  /** Is told how many trials of other processes are waited for when nothing else is left, and when that changes. */
  readonly onWaiting: (trials: number) => void;
  /** Between two looks at what others do. */
  readonly lookEveryMs: number;
}

/** The trials that wait for a worker, of which other processes run some: those are left to them and waited for. */
export class SharedQueue {
  readonly #queue: TrialQueue;
  readonly #sharing: Sharing | undefined;
  readonly #signal: AbortSignal;
  /** Trials that other processes had when they were asked for. */
  readonly #theirs = new Set<Trial>();
  /** Those of them that a lane is asking for. */
  readonly #asked = new Set<Trial>();
  #waitedFor = 0;

  /** @param sharing  without it all trials are this process's */
  constructor(trials: readonly Trial[], sharing: Sharing | undefined, signal: AbortSignal) {
    this.#queue = new TrialQueue(trials);
    this.#sharing = sharing;
    this.#signal = signal;
  }

  /**
   * The next trial to run; undefined when all are recorded, or when the signal aborts.
   *
   * @param previous  what the asking worker ran last
   */
  async next(previous?: Trial): Promise<Trial | undefined> {
    for (let trial = this.#queue.next(previous); trial !== undefined; trial = this.#queue.next(previous)) {
      if (this.#signal.aborted || (await this.#isOurs(trial))) return trial;
    }
    while (this.#theirs.size > 0 && !this.#signal.aborted) {
      for (const trial of [...this.#theirs]) {
        if (this.#theirs.has(trial) && !this.#asked.has(trial) && (await this.#isOurs(trial))) return trial;
      }
      this.#tellWaiting(this.#theirs.size);
      await setTimeout(this.#sharing!.lookEveryMs, undefined, { signal: this.#signal }).catch(() => {});
    }
    return undefined;
  }

  /** The trial has its record, or will get none. */
  release(trial: Trial): void {
    this.#sharing?.release(trial);
  }

  async #isOurs(trial: Trial): Promise<boolean> {
    this.#asked.add(trial);
    const found = (await this.#sharing?.take(trial)) ?? 'ours';
    this.#asked.delete(trial);
    if (found === 'theirs') this.#theirs.add(trial);
    else this.#theirs.delete(trial);
    return found === 'ours';
  }

  #tellWaiting(trials: number): void {
    if (trials === this.#waitedFor) return;
    this.#waitedFor = trials;
    this.#sharing!.onWaiting(trials);
  }
}
