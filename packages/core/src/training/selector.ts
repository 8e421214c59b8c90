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
export function createSelector(call: {
  readonly session: Session;
  readonly selection: Selection;
  readonly patience: number | undefined;
}): Selector {
  const { session, selection, patience } = call;
  const names = session.plan.trainable.map(({ name }) => name);
  let best: Best | undefined;
  let snapshot: HostTensors | undefined;
  let misses = 0;
  return {
    get best() {
      return best;
    },
    get snapshot() {
      return snapshot;
    },
    get exhausted() {
      return patience !== undefined && misses >= patience;
    },
    async evaluate(step) {
      const outputs = await session.evaluate(selection.instances);
      if (outputs.some(({ scores }) => scores.some(Number.isNaN))) return null;
      const score = checkedScore(selection.score(outputs));
      if (best === undefined || score > best.score) {
        best = { step, score };
        snapshot = await session.state.read(names);
        misses = 0;
      } else {
        misses += 1;
      }
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
