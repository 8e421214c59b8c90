import {
  ConfigError,
  type HostTensors,
  type NoiseRequest,
  type RandomSource,
  type StepArguments,
  type StepResult,
  sizeOf,
  type Tensors,
  type TrainingSettings,
} from '@attune/base';
import { type Attachment, evaluationContext, type ForwardContext, type Instance } from '@attune/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Objective, Padding } from '../objectives/objective.ts';
import { adamWScalars, adamWUpdate, clipGradients, penalty } from '../optimizer.ts';
import type { FineTuneCall, ParameterPlan, Session } from './fine-tuned.ts';
import { planTraining, type Timetable } from './timetable.ts';

/** What a training or evaluation step is made of. */
export interface StepCall {
  readonly objective: Objective;
  readonly attachment: Attachment;
  readonly plan: ParameterPlan;
  readonly settings: TrainingSettings;
}

/**
 * One step of training as a pure function: loss plus penalties, gradients of the trainable parameters, clipping,
 * AdamW. State: trainable parameters and moments. Batch: what the objective collates, and `adamWScalars`.
 * Outputs: `loss`, penalties included, a scalar.
 *
 * @throws ConfigError when the loss does not depend on a trainable parameter
 */
export function trainingStep(call: StepCall): (step: StepArguments) => StepResult {
  const { attachment, plan, settings } = call;
  return (step) => {
    const { loss, gradients } = lossAndGradients(call, step);
    const { maxGradientNorm, weightDecay } = settings;
    const state = adamWUpdate({
      specs: plan.trainable,
      state: step.state,
      gradients: maxGradientNorm === undefined ? gradients : clipGradients(gradients, maxGradientNorm),
      scalars: step.batch,
      weightDecay,
      learningRateScale: attachment.learningRateScale,
    });
    return { state, outputs: new Map([['loss', loss]]) };
  };
}

/** One step of evaluation: the objective's outputs, without dropout. State and frozen as in training. */
export function evaluationStep({
  objective,
  attachment,
  plan,
}: Omit<StepCall, 'settings'>): (step: StepArguments) => StepResult {
  return ({ state, frozen, batch }) => {
    const parameters = parametersOf(plan, { state, frozen });
    return { outputs: objective.outputs({ parameters, batch, hooks: attachment.hooks, context: evaluationContext }) };
  };
}

function lossAndGradients(
  call: StepCall,
  step: StepArguments,
): { readonly loss: tf.Tensor; readonly gradients: Tensors } {
  const { objective, attachment, plan, settings } = call;
  const parameters = parametersOf(plan, step);
  const context = trainingContext(call, step);
  const total = () => {
    const loss = objective.loss({ parameters, batch: step.batch, hooks: attachment.hooks, context });
    const added = penalty({ specs: plan.trainable, parameters, l1: settings.l1, l2: settings.l2 });
    return added === undefined ? loss : tf.add<tf.Scalar>(loss, added);
  };
  const names = plan.trainable.map(({ name }) => name);
  const variables = names.map((name) => parameters.get(name)!);
  const { value, grads } = tf.engine().gradients<tf.Tensor>(total, variables, undefined, true);
  return { loss: value, gradients: namedGradients(names, grads) };
}

/** The engine leaves undefined what the loss does not depend on, against its declared type. */
function namedGradients(names: readonly string[], grads: readonly (tf.Tensor | undefined)[]): Tensors {
  const unreached = names.filter((_, index) => !grads[index]);
  if (unreached.length > 0) {
    throw new ConfigError(
      `training step: the loss does not depend on ${unreached.slice(0, 10).join(', ')}; freeze what is not used`,
    );
  }
  return new Map(names.map((name, index) => [name, grads[index]!]));
}

function trainingContext({ plan, settings }: StepCall, step: StepArguments): ForwardContext {
  const { firstNoisyLayer } = plan;
  const context = { training: true, noise: step.noise, firstNoisyLayer };
  return settings.dropout === undefined ? context : { ...context, dropout: settings.dropout };
}

function parametersOf(plan: ParameterPlan, stores: Pick<StepArguments, 'state' | 'frozen'>): Tensors {
  return new Map([...plan.trainable.map(({ name }) => [name, stores.state.get(name)!] as const), ...stores.frozen]);
}

/**
 * A multiplicative dropout mask: 0 with probability `rate`, else 1 / (1 - rate), `size` values.
 *
 * Two numbers are drawn from the source; a 32-bit mixing function of counter and key does the rest (splitmix32-like,
 * constants of Mueller's "lowbias32"), because a mask has as many values as an activation and is drawn every step.
 * A value is dropped when its 32 bits are below rate · 2³².
 *
 * @throws ConfigError when the rate is outside [0, 1)
 */
export function fillDropoutMask(source: RandomSource, size: number, rate: number): Float32Array {
  if (!(rate >= 0 && rate < 1)) {
    throw new ConfigError(`dropout rate: expected a number in [0, 1), got ${rate}`);
  }
  const key = source.integer(2 ** 32) | 0;
  let counter = source.integer(2 ** 32) | 0;
  // Compared as signed integers, which shifts both sides by 2³¹.
  const threshold = Math.round(rate * 2 ** 32) - 2 ** 31;
  const kept = 1 / (1 - rate);
  const mask = new Float32Array(size);
  for (let index = 0; index < size; index++) {
    counter = (counter + 0x9e3779b9) | 0;
    let bits = counter ^ key;
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0xd35a2d97);
    bits ^= bits >>> 15;
    mask[index] = bits < threshold ? 0 : kept;
  }
  return mask;
}

/** A planned batch of one epoch. */
export interface TrainingBatch {
  /** Places among the epoch's instances. */
  readonly indices: readonly number[];
  readonly instances: readonly Instance[];
  readonly length: number;
}

/** Batches of epoch after epoch, without end. */
export function* trainingBatches(
  call: FineTuneCall,
  { timetable, maxLength }: { readonly timetable: Timetable; readonly maxLength: number },
): Generator<TrainingBatch, never> {
  const shuffle = call.random.fork('shuffle');
  for (let epoch = 0; ; epoch++) {
    const instances = instancesOf(call, epoch);
    const random = shuffle.fork(epoch);
    for (const { indices, length } of planTraining({ instances, batchSize: timetable.batchSize, maxLength, random })) {
      yield { indices, instances: indices.map((index) => instances[index]!), length };
    }
  }
}

/** The instances of one epoch. */
export function instancesOf({ instances }: FineTuneCall, epoch: number): readonly Instance[] {
  return typeof instances === 'function' ? instances(epoch) : instances;
}

/**
 * What a step is given: its batch collated, and the scalars of its update.
 *
 * @param step  from 1
 */
export function trainingInputs(
  { objective, attachment, settings }: Pick<FineTuneCall, 'objective' | 'attachment' | 'settings'>,
  given: {
    readonly padding: Padding;
    readonly timetable: Timetable;
    readonly batch: TrainingBatch;
    readonly step: number;
  },
): HostTensors {
  const { timetable, batch, step } = given;
  const inputs = objective.collate(batch.instances, {
    length: batch.length,
    batchSize: timetable.batchSize,
    ...given.padding,
    numVirtualTokens: attachment.numVirtualTokens,
    purpose: 'train',
  });
  const learningRate = settings.learningRate * timetable.schedule(step - 1);
  return new Map([...inputs, ...adamWScalars({ learningRate, step })]);
}

/**
 * Runs one training step.
 *
 * @param step  from 1
 * @returns     its loss, and its costs as the engine counts them
 */
export async function runTrainingStep(
  call: FineTuneCall,
  given: {
    readonly session: Session;
    readonly timetable: Timetable;
    readonly batch: TrainingBatch;
    readonly step: number;
    readonly flops: FlopCounter;
  },
): Promise<number> {
  const { session, step } = given;
  const batch = trainingInputs(call, { ...given, padding: session.padding });
  const outputs = await session.train.run(batch, dropoutNoise(call.random.fork('dropout').fork(step)));
  given.flops.add(batch);
  return outputs.get('loss')!.data[0]!;
}

/** Masks drawn from the seed, the step and the site, so that every engine sees the same ones. */
function dropoutNoise(random: RandomSource): (request: NoiseRequest) => Float32Array {
  return ({ site, shape, rate }) => fillDropoutMask(random.fork(site), sizeOf(shape), rate);
}

/** Sums the FLOPs of steps; the engine is asked once for each set of batch shapes. */
export interface FlopCounter {
  readonly total: number;
  add(batch: HostTensors): void;
}

/** Adds up the operations of the steps that are run; batches of equal shapes are counted once. */
export function flopCounter({ train }: Session): FlopCounter {
  const known = new Map<string, number>();
  let total = 0;
  return {
    get total() {
      return total;
    },
    add(batch) {
      const shapes = JSON.stringify([...batch].map(([name, { shape }]) => [name, shape]));
      const flops = known.get(shapes) ?? train.costs(batch).flops;
      known.set(shapes, flops);
      total += flops;
    },
  };
}
