import * as tf from '@tensorflow/tfjs-core';
import type { Attachment } from '../contracts/method.ts';
import type { ForwardContext } from '../contracts/model.ts';
import type { StepArguments, StepResult } from '../contracts/step-engine.ts';
import type { Tensors } from '../contracts/tensors.ts';
import { ConfigError } from '../errors.ts';
import { evaluationContext } from '../models/evaluation-context.ts';
import type { Objective } from '../objectives/objective.ts';
import { adamWUpdate } from '../optimizers/adamw.ts';
import { clipGradients } from '../optimizers/clip-gradients.ts';
import { penalty } from '../optimizers/penalties.ts';
import type { ParameterPlan } from './plan-parameters.ts';
import type { TrainingSettings } from './training-settings.ts';

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
