import type { Trial } from '../trial/expand-trials.ts';

/** Trials that differ in the seed alone are a group: they run the same compiled steps. */
export function groupOf({ config, arm }: Pick<Trial, 'config' | 'arm'>): string {
  return JSON.stringify([config.task.name, arm, config.model.name]);
}

/**
 * Trials waiting for a worker, in groups that differ in the seed alone. A worker gets the seeds of its group one
 * after the other, so that it finds its compiled steps again; then a group nobody has, then the fullest group's rest.
 */
export class TrialQueue {
  readonly #groups = new Map<string, Trial[]>();
  /** Groups of which no worker has had a trial, the last one first. */
  readonly #fresh: string[];

  constructor(trials: readonly Trial[]) {
    for (const trial of trials) {
      const group = groupOf(trial);
      const waiting = this.#groups.get(group);
      if (waiting === undefined) this.#groups.set(group, [trial]);
      else waiting.push(trial);
    }
    this.#fresh = [...this.#groups.keys()].reverse();
  }

  /** @param previous  what the asking worker ran last */
  next(previous?: Trial): Trial | undefined {
    const group = this.#choose(previous === undefined ? undefined : groupOf(previous));
    if (group === undefined) return undefined;
    const waiting = this.#groups.get(group)!;
    const trial = waiting.shift();
    if (waiting.length === 0) this.#groups.delete(group);
    return trial;
  }

  #choose(previous: string | undefined): string | undefined {
    if (previous !== undefined && this.#groups.has(previous)) return previous;
    const fresh = this.#fresh.pop();
    if (fresh !== undefined) return fresh;
    const waiting = (name: string) => this.#groups.get(name)!.length;
    return [...this.#groups.keys()].reduce<string | undefined>(
      (best, name) => (best === undefined || waiting(name) > waiting(best) ? name : best),
      undefined,
    );
  }
}
