import { hasEnded, type Owner, type Sighting } from './owner.ts';

/** When an owner of claims says that it is there, and when others believe that it is not. */
export interface ClaimTiming {
  readonly beatEveryMs: number;
  /** Without a beat for so long, by the clock of whoever waits, an owner counts as gone. */
  readonly goneAfterMs: number;
  /** The most that counts between two looks: whoever slept meanwhile knows nothing of that time. */
  readonly lookEveryMs: number;
}

/** Beats of 5 s, and a minute of silence: a host that writes to a shared folder may take some seconds for it. */
export const claimTiming: ClaimTiming = { beatEveryMs: 5_000, goneAfterMs: 60_000, lookEveryMs: 1_000 };

/**
 * Tells which owners are gone. Clocks of machines differ, so no times are compared: an owner is gone when its number did
 * not grow during a span of this process's own clock in which this process looked again and again.
 */
export class Watch {
  readonly #here: Owner;
  readonly #timing: ClaimTiming;
  readonly #nowMs: () => number;
  readonly #seen = new Map<string, { beat: string; atMs: number; silentMs: number }>();

  constructor(here: Owner, timing: ClaimTiming, nowMs: () => number = () => performance.now()) {
    this.#here = here;
    this.#timing = timing;
    this.#nowMs = nowMs;
  }

  isGone({ owner, beat }: Sighting): boolean {
    if (hasEnded(owner, this.#here)) return true;
    const nowMs = this.#nowMs();
    const seen = this.#seen.get(owner.id);
    if (seen === undefined || seen.beat !== beat) {
      this.#seen.set(owner.id, { beat, atMs: nowMs, silentMs: 0 });
      return false;
    }
    seen.silentMs += Math.min(nowMs - seen.atMs, 2 * this.#timing.lookEveryMs);
    seen.atMs = nowMs;
    return seen.silentMs >= this.#timing.goneAfterMs;
  }
}
