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
