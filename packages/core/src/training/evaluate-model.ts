import type { Instance, InstanceOutput } from '../contracts/instance.ts';
import type { Attachment } from '../contracts/method.ts';
import type { Model } from '../contracts/model.ts';
import type { StepEngine } from '../contracts/step-engine.ts';
import type { HostTensors } from '../contracts/tensors.ts';
import type { Objective, Padding } from '../objectives/objective.ts';
import { randomSource } from '../random/create-random-source.ts';
import { evaluateInstances } from './evaluate.ts';
import { initialValues } from './initial-values.ts';
import { planParameters } from './plan-parameters.ts';
import { evaluationStep } from './training-step.ts';

/** A model as it is: nothing added, nothing trained. */
export const nothingAttached: Attachment = {
  parameters: [],
  initialValues: () => new Map(),
  isTrainable: () => false,
  hooks: {},
  numVirtualTokens: 0,
  unchangedAtStart: true,
};

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
