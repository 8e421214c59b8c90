import type { HostTensors } from '../contracts/tensors.ts';

/** A training between two steps: what has to be kept to go on with the same bits. */
export interface TrainingState {
  /** Of every step so far. */
  readonly losses: readonly number[];
  /** Trainable values and the optimiser's moments. */
  readonly tensors: HostTensors;
}

/** Keeps a training from being lost, and lets it go on. */
export interface TrainingCheckpoints {
  /** The state is kept after every so many steps and the last one, and when training is stopped by its signal. */
  readonly everySteps: number;
  /** Where to go on; from the start when absent. */
  readonly from?: TrainingState | undefined;
  /** Waited for, so that nothing changes meanwhile. */
  readonly save: (state: TrainingState) => Promise<void>;
}
