import { floatTensor, type HostTensors, type Tensors, zerosTensor } from '@attune/base';
import { type ParameterSpec, parameter } from '@attune/core';
import * as tf from '@tensorflow/tfjs-core';

/** Factor on the learning rate at a step, counted from 0. */
export type Schedule = (step: number) => number;

/** The same learning rate at every step. */
export const constantSchedule: Schedule = () => 1;

/**
 * Linear warm-up from 0, then linear decay to 0 at `totalSteps`: t / warmupSteps, then
 * (totalSteps − t) / (totalSteps − warmupSteps). With a warm-up the very first step has rate 0, as in Hugging Face's
 * get_linear_schedule_with_warmup.
 */
export function linearSchedule(call: { readonly warmupSteps: number; readonly totalSteps: number }): Schedule {
  const { warmupSteps, totalSteps } = call;
  return (step) => {
    if (step < warmupSteps) return step / warmupSteps;
    return Math.max(0, totalSteps - step) / Math.max(1, totalSteps - warmupSteps);
  };
}

/**
 * l1 · Σ|w| + l2 · Σw² over the given parameters, the convention of TensorFlow.js's regularizers. As with weight
 * decay, parameters whose spec says no `decay` (biases, layer norms) are left out.
 *
 * @returns a scalar, or undefined when there is nothing to add
 */
export function penalty(call: {
  readonly specs: readonly ParameterSpec[];
  readonly parameters: Tensors;
  readonly l1: number;
  readonly l2: number;
}): tf.Scalar | undefined {
  const terms = call.specs
    .filter(({ decay }) => decay)
    .flatMap(({ name }) => {
      const value = parameter(call.parameters, name);
      return [
        ...(call.l1 > 0 ? [tf.mul(tf.sum(tf.abs(value)), call.l1)] : []),
        ...(call.l2 > 0 ? [tf.mul(tf.sum(tf.square(value)), call.l2)] : []),
      ];
    });
  if (terms.length === 0) return undefined;
  return terms.reduce((total, term) => tf.add(total, term)) as tf.Scalar;
}

/**
 * Global-norm clipping: every gradient times min(1, maxNorm / (norm + 1e-6)), where norm is that of all gradients as
 * one vector. The 1e-6 is PyTorch's.
 */
export function clipGradients(gradients: Tensors, maxNorm: number): Tensors {
  if (gradients.size === 0) return gradients;
  const squares = [...gradients.values()].map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(squares.reduce((total, square) => tf.add(total, square)));
  const factor = tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1);
  return new Map([...gradients].map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

const firstMoment = (name: string) => `firstMoment:${name}`;
const secondMoment = (name: string) => `secondMoment:${name}`;

/** Names and shapes of the optimiser's state: two moments for each parameter. */
export function momentShapes(specs: readonly ParameterSpec[]): ReadonlyMap<string, readonly number[]> {
  return new Map(
    specs.flatMap(({ name, shape }) => [
      [firstMoment(name), shape],
      [secondMoment(name), shape],
    ]),
  );
}

/** The optimiser's state before the first step: every moment is 0. */
export function initialMoments(specs: readonly ParameterSpec[]): HostTensors {
  return new Map([...momentShapes(specs)].map(([name, shape]) => [name, zerosTensor(shape)]));
}

/**
 * What of AdamW changes with the step, computed in double precision on the host and given to the step as scalars:
 * learningRate, stepSize = learningRate / (1 − β₁ᵗ) and secondMomentScale = 1 / √(1 − β₂ᵗ).
 *
 * @param step  t, from 1
 */
export function adamWScalars({
  learningRate,
  step,
}: {
  readonly learningRate: number;
  readonly step: number;
}): HostTensors {
  const scalar = (value: number) => floatTensor([], [value]);
  return new Map([
    ['learningRate', scalar(learningRate)],
    ['stepSize', scalar(learningRate / (1 - beta1 ** step))],
    ['secondMomentScale', scalar(1 / Math.sqrt(1 - beta2 ** step))],
  ]);
}

/** Everything one update of AdamW reads, as tensors of the present backend. */
interface AdamWCall {
  readonly specs: readonly ParameterSpec[];
  /** Values and moments of every spec. */
  readonly state: Tensors;
  readonly gradients: Tensors;
  /** Those of `adamWScalars`. */
  readonly scalars: Tensors;
  /** λ, for parameters whose spec says `decay`. */
  readonly weightDecay: number;
  /** Factor on the learning rate of one parameter. */
  readonly learningRateScale?: ((spec: ParameterSpec) => number) | undefined;
}

/**
 * One AdamW update (Loshchilov and Hutter 2019, algorithm 2, as PyTorch computes it), η the learning rate:
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − η·λ·w − stepSize · m / (√v · secondMomentScale + ε),
 * with β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
 *
 * @returns new values and moments, under the names of the state
 */
export function adamWUpdate(call: AdamWCall): Tensors {
  return new Map(call.specs.flatMap((spec) => updateParameter(call, spec)));
}

function updateParameter(call: AdamWCall, spec: ParameterSpec): [string, tf.Tensor][] {
  const { name } = spec;
  const gradient = parameter(call.gradients, name);
  const m = movingAverage(parameter(call.state, firstMoment(name)), gradient, beta1);
  const v = movingAverage(parameter(call.state, secondMoment(name)), tf.square(gradient), beta2);
  const denominator = tf.add(tf.mul(tf.sqrt(v), parameter(call.scalars, 'secondMomentScale')), epsilon);
  const change = tf.mul(tf.div(m, denominator), scaled(call, spec, 'stepSize'));
  return [
    [name, tf.sub(decayed(call, spec), change)],
    [firstMoment(name), m],
    [secondMoment(name), v],
  ];
}

/** β · average + (1 − β) · value */
function movingAverage(average: tf.Tensor, value: tf.Tensor, beta: number): tf.Tensor {
  return tf.add(tf.mul(average, beta), tf.mul(value, 1 - beta));
}

/** w · (1 − η·λ) */
function decayed(call: AdamWCall, spec: ParameterSpec): tf.Tensor {
  const value = parameter(call.state, spec.name);
  if (!spec.decay || call.weightDecay === 0) return value;
  return tf.mul(value, tf.sub(1, tf.mul(scaled(call, spec, 'learningRate'), call.weightDecay)));
}

function scaled(call: AdamWCall, spec: ParameterSpec, name: 'learningRate' | 'stepSize'): tf.Tensor {
  const scalar = parameter(call.scalars, name);
  const scale = call.learningRateScale?.(spec) ?? 1;
  return scale === 1 ? scalar : tf.mul(scalar, scale);
}
