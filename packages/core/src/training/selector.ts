import type { HostTensors } from '../contracts/tensors.ts';
import { ConfigError } from '../errors.ts';
import type { Best, Selection } from './fine-tuned.ts';
import type { Session } from './session.ts';

/** Keeps the best checkpoint in host memory and says when to stop. */
export interface Selector {
  readonly best: Best | undefined;
  /** Trainable values at `best`. */
  readonly snapshot: HostTensors | undefined;
  /** Whether `patience` evaluations in a row brought no improvement. */
  readonly exhausted: boolean;
  /** Scores the current parameters; null when an output is NaN. */
  evaluate(step: number): Promise<number | null>;
}

/**
 * Best-checkpoint selection. Only a strictly higher score replaces the best one: ties keep the earlier checkpoint and
 * count against the patience. (PET's code counts ties against the patience too, but keeps the later checkpoint.)
 */
export class SelectionRule {
  readonly #patience: number | undefined;
  #best: Best | undefined;
  #misses = 0;

  /** @param patience  evaluations without an improvement before training stops; absent: never */
  constructor(patience: number | undefined) {
    this.#patience = patience;
  }

  get best(): Best | undefined {
    return this.#best;
  }

  /** Whether `patience` evaluations in a row brought no improvement. */
  get exhausted(): boolean {
    return this.#patience !== undefined && this.#misses >= this.#patience;
  }

  /** Takes the next evaluation, and says whether it is the best so far. */
  isBest(evaluated: Best): boolean {
    const isBest = this.#best === undefined || evaluated.score > this.#best.score;
    if (isBest) this.#best = evaluated;
    this.#misses = isBest ? 0 : this.#misses + 1;
    return isBest;
  }
}

/** Scores the parameters of a session, and keeps those that the rule calls best. */
export function createSelector(call: {
  readonly session: Session;
  readonly selection: Selection;
  readonly patience: number | undefined;
}): Selector {
  const { session, selection, patience } = call;
  const names = session.plan.trainable.map(({ name }) => name);
  const rule = new SelectionRule(patience);
  let snapshot: HostTensors | undefined;
  return {
    get best() {
      return rule.best;
    },
    get snapshot() {
      return snapshot;
    },
    get exhausted() {
      return rule.exhausted;
    },
    async evaluate(step) {
      const outputs = await session.evaluate(selection.instances);
      if (outputs.some(({ scores }) => scores.some(Number.isNaN))) return null;
      const score = checkedScore(selection.score(outputs));
      if (rule.isBest({ step, score })) snapshot = await session.state.read(names);
      return score;
    },
  };
}

function checkedScore(score: number): number {
  if (!Number.isFinite(score)) {
    throw new ConfigError(`selection.score: expected a finite number, got ${score}; check the metric on empty classes`);
  }
  return score;
}
