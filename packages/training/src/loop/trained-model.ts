import { type HostTensors, randomSource, type StepEngine } from '@attune/base';
import { type Instance, type InstanceOutput, type Model, nothingAttached } from '@attune/core';
import type { Objective, Padding } from '../objectives/objective.ts';
import { evaluateInstances } from './evaluate.ts';
import type { FineTuneCall } from './fine-tuned.ts';
import { initialValues, openSession, planParameters } from './session.ts';
import { evaluationStep } from './training-step.ts';

/** What evaluates a model as it is. */
export interface EvaluateModelCall extends Partial<Padding> {
  readonly engine: StepEngine;
  readonly model: Model;
  /** Every parameter that the objective reads, its head's included. */
  readonly values: HostTensors;
  readonly objective: Objective;
}

/**
 * Outputs of a model as it is, one for each instance, in order.
 *
 * @throws ConfigError when a value is missing or of another shape
 */
export async function evaluateModel(
  call: EvaluateModelCall,
  instances: readonly Instance[],
): Promise<InstanceOutput[]> {
  const { engine, model, values, objective, padId = 0, paddingSide } = call;
  const plan = planParameters({ model, objective, attachment: nothingAttached });
  const state = engine.createStore(new Map());
  const frozen = engine.createStore(initialValues({ specs: plan.frozen, head: [], values, random: randomSource(0) }));
  const run = evaluationStep({ objective, attachment: nothingAttached, plan });
  const step = engine.prepare({ name: 'evaluate', run, state, frozen });
  try {
    const { maxLength } = model;
    const padding = { padId, paddingSide };
    return await evaluateInstances({ objective, step, instances, padding, numVirtualTokens: 0, maxLength });
  } finally {
    for (const owned of [step, state, frozen]) owned.dispose();
  }
}

/** A model and what was trained of it, to be used again without training. */
export type TrainedModelCall = Pick<
  FineTuneCall,
  'engine' | 'model' | 'values' | 'attachment' | 'objective' | 'random' | 'settings' | keyof Padding
> & {
  /** What `FineTuned.values()` gave. */
  readonly trained: HostTensors;
};

/**
 * Values of every parameter of a model as training left it: the trained ones, and the others as `fineTune` would have
 * them when called with the same arguments.
 *
 * @throws ConfigError when the trained values do not fit
 */
export function trainedParameters(call: Omit<TrainedModelCall, 'engine' | 'settings'>): HostTensors {
  const { trainable, frozen } = planParameters(call);
  const specs = [...trainable, ...frozen];
  return initialValues({
    specs,
    head: call.objective.parameters,
    values: new Map([...call.values, ...call.attachment.initialValues(), ...call.trained]),
    random: call.random.fork('init'),
  });
}

/** Outputs of a model as training left it, as `FineTuned.evaluate` gives them. */
export async function evaluateTrained(
  call: TrainedModelCall,
  instances: readonly Instance[],
): Promise<InstanceOutput[]> {
  const attachment = { ...call.attachment, initialValues: () => new Map() };
  const session = openSession({ ...call, attachment, values: trainedParameters(call), instances: [] });
  try {
    return await session.evaluate(instances);
  } finally {
    session.dispose();
  }
}
