import type * as tf from '@tensorflow/tfjs-core';
import type { HostTensors, Tensors } from './tensors.ts';

/**
 * Runs pure functions of named tensors. Anything that changes between steps is an input: state, batch or noise.
 * Training code cannot tell which engine it holds.
 */
export interface StepEngine {
  /** Puts named tensors where steps can reach them without copies; several steps may share one store. */
  createStore(values: HostTensors): TensorStore;
  /** Prepares a pure function; compiled engines trace it once for each set of batch shapes. */
  prepare(definition: StepDefinition): PreparedStep;
}

/** Named tensors that live in the engine between steps. */
export interface TensorStore {
  readonly names: readonly string[];
  /** Copies of the current values, all or the named ones. */
  read(names?: readonly string[]): Promise<HostTensors>;
  /** Overwrites named values; shapes and dtypes must match what is there. */
  write(values: HostTensors): void;
  dispose(): void;
}

/** A multiplicative dropout mask, an input of the step: 0 with probability `rate`, else 1 / (1 - rate). */
export interface NoiseRequest {
  readonly site: string;
  readonly shape: readonly number[];
  readonly rate: number;
}

/** What a step computes from: tensors by name, and dropout masks on request. */
export interface StepArguments {
  readonly state: Tensors;
  readonly frozen: Tensors;
  readonly batch: Tensors;
  readonly noise: (request: NoiseRequest) => tf.Tensor;
}

/** New values for (some of) the state, and the outputs to hand back to the host. */
export interface StepResult {
  readonly state?: Tensors;
  readonly outputs: Tensors;
}

/** A step to prepare: a pure function, and the stores that it reads; `state` is also where its new values go. */
export interface StepDefinition {
  /** For messages and for the session cache, e.g. "train" or "evaluate". */
  readonly name: string;
  readonly run: (step: StepArguments) => StepResult;
  readonly state: TensorStore;
  readonly frozen: TensorStore;
  /** A promise: steps of one name and key are the same function. They are traced and compiled once. */
  readonly key?: string;
  /**
   * Batch tensors whose first axis counts examples, where no example's values depend on the rest of the batch. What a
   * step computes from these and from frozen tensors alone may be computed once for each example and kept.
   */
  readonly perExample?: readonly string[];
}

/** What one call of a step costs, counted from its traced graph. */
export interface StepCosts {
  /** Floating-point operations of one call with these batch shapes; a multiply-add counts as two. */
  readonly flops: number;
}

/** Draws the mask that a step asks for: one number for each element of the shape, row-major. */
export type NoiseSource = (request: NoiseRequest) => Float32Array;

/** A step that an engine has made ready: traced and compiled where the engine compiles, and bound to its stores. */
export interface PreparedStep {
  /** Runs once: replaces the state the function returned, resolves to its outputs. */
  run(batch: HostTensors, noise?: NoiseSource): Promise<HostTensors>;
  /** Counted from the traced graph, without running it. */
  costs(batch: HostTensors): StepCosts;
  dispose(): void;
}
