import type { HostTensors, PreparedStep, RandomSource, StepEngine, TensorStore, TrainingSettings } from '@attune/base';
import type { Attachment, Instance, InstanceOutput, Model, ParameterSpec } from '@attune/core';
import type { Objective, Padding } from '../objectives/objective.ts';

/** A training between two steps: what has to be kept to go on with the same bits. */
interface TrainingState {
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

/** What is trained, on what, and how. */
export interface FineTuneCall extends Partial<Padding> {
  readonly engine: StepEngine;
  readonly model: Model;
  /** Backbone values; a head's too, if it is not to be drawn anew. */
  readonly values: HostTensors;
  readonly attachment: Attachment;
  readonly objective: Objective;
  /** A function gives each epoch its own, of the same number: masks drawn anew for pre-training, for example. */
  readonly instances: readonly Instance[] | ((epoch: number) => readonly Instance[]);
  readonly settings: TrainingSettings;
  /** Forked into init, shuffle and dropout. */
  readonly random: RandomSource;
  /** Chooses the checkpoint to keep; without it the last one is kept. */
  readonly selection?: Selection | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * A promise: calls with the same program differ in nothing but values, instances and randomness, so that an engine
   * may trace and compile their steps once.
   */
  readonly program?: string | undefined;
  /** Not together with a selection, whose best checkpoint is no part of the state. */
  readonly checkpoints?: TrainingCheckpoints | undefined;
  /** Stops between steps. */
  readonly signal?: AbortSignal | undefined;
}

/** How the checkpoint to keep is chosen: by its answers on a development split, the untrained model's among them. */
export interface Selection {
  readonly instances: readonly Instance[];
  /** Higher is better. */
  readonly score: (outputs: readonly InstanceOutput[]) => number;
}

/** After each step, and after each evaluation with its score; step 0 is the state before training. */
export interface Progress {
  readonly step: number;
  readonly totalSteps: number;
  readonly epoch: number;
  /** Null before the first step. */
  readonly loss: number | null;
  readonly selectionScore?: number;
}

/** One evaluation, after `step` steps. `trainLoss` is the mean since the previous point; null at step 0. */
export interface CurvePoint {
  readonly step: number;
  readonly epoch: number;
  readonly trainLoss: number | null;
  readonly selectionScore: number | null;
}

/** The checkpoint that was kept; step 0 is the state before training. */
export interface Best {
  readonly step: number;
  readonly score: number;
}

/** What training did, and the best checkpoint ready to be used. Dispose it. */
export interface FineTuned {
  /** 'diverged': a loss or an output was not finite; what was best before is kept. */
  readonly status: 'completed' | 'diverged';
  readonly steps: number;
  /** Loss of every step, penalties included. */
  readonly losses: readonly number[];
  readonly curve: readonly CurvePoint[];
  /** Absent without a selection, or when the first evaluation already diverged. */
  readonly best?: Best;
  /** Settings that could not be followed or had no effect, a sentence each. */
  readonly notes: readonly string[];
  /** Summed over all training steps run, as the engine counts them. */
  readonly flops: number;
  readonly trainTimeMs: number;
  readonly selectionTimeMs: number;
  readonly trainableParameters: number;
  readonly totalParameters: number;
  /** SHA-256 over the trainable values of the checkpoint that was kept. */
  readonly parameterHash: string;
  /** Trainable values of the checkpoint that was kept. */
  values(): HostTensors;
  /** Outputs of the checkpoint that was kept, in the order of the instances. */
  evaluate(instances: readonly Instance[]): Promise<InstanceOutput[]>;
  dispose(): void;
}

/** The parameters of one attached model under one objective, split by what trains. */
export interface ParameterPlan {
  readonly trainable: readonly ParameterSpec[];
  readonly frozen: readonly ParameterSpec[];
  /** Layers below it have frozen parameters only, and so run without dropout. */
  readonly firstNoisyLayer: number;
}

/** The stores and steps of one fine-tuning, open between its first step and its disposal. */
export interface Session {
  readonly plan: ParameterPlan;
  /** Trainable parameters and moments. */
  readonly state: TensorStore;
  readonly train: PreparedStep;
  readonly evaluation: PreparedStep;
  readonly padding: Padding;
  readonly maxLength: number;
  evaluate(instances: readonly Instance[]): Promise<InstanceOutput[]>;
  /** @throws DOMException named AbortError once the signal is aborted */
  checkStopped(): void;
  dispose(): void;
}
