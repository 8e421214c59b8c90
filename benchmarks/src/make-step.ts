import { type HostTensors, type RandomSource, randomSource, type StepArguments, type StepResult } from '@attune/base';
import { modelFamily } from '@attune/core';
import {
  adamWScalars,
  createObjective,
  evaluationStep,
  initialMoments,
  type ParameterPlan,
  planParameters,
  trainingStep,
} from '@attune/training';
import type { Cell } from './cell.ts';
import { numLabels, randomInstances, verbalizer } from './make-batch.ts';
import { attachMethod } from './methods.ts';
import { randomWeights } from './random-weights.ts';

/** Small, so that hundreds of steps on one batch stay in the range where training happens. */
export const learningRate = 1e-6;
export const weightDecay = 0.01;

/** A training step as the trainer runs it, over random weights and one random batch. */
export interface MadeStep {
  readonly plan: ParameterPlan;
  readonly run: (step: StepArguments) => StepResult;
  /** Weights of all parameters, trainable first. */
  readonly weights: HostTensors;
  /** The batch without the optimiser's scalars. */
  readonly batch: HostTensors;
  /** The same model's step of evaluation, over the same stores. */
  readonly evaluate: (step: StepArguments) => StepResult;
  /** Another batch of the same shape, its own for each number. */
  readonly anotherBatch: (index: number, purpose: 'train' | 'evaluate') => HostTensors;
}

/** The step of one cell. The same cell always gives the same weights and batch. */
export function makeStep({ shape, method, head }: Pick<Cell, 'shape' | 'method' | 'head'>): MadeStep {
  const random = randomSource(1);
  const { model } = modelFamily(shape.config, shape.name).create(shape.config, shape.name);
  const objective = createObjective({ kind: head, model, numLabels, verbalizer });
  const attachment = attachMethod[method]({ model, values: new Map(), random: random.fork('method') });
  const plan = planParameters({ model, objective, attachment });
  const settings = {
    ...{ learningRate, weightDecay, batchSize: shape.batchSize, maxLength: shape.length, dropout: 0 },
    ...{ epochs: 1, warmupRatio: 0, l1: 0, l2: 0, evaluationsPerEpoch: 1 },
  };
  const { numVirtualTokens } = attachment;
  const batchFrom = (source: RandomSource, purpose: 'train' | 'evaluate') => {
    const instances = randomInstances({ shape, head, numVirtualTokens, random: source });
    const { length, batchSize } = shape;
    return objective.collate(instances, { length, batchSize, padId: 0, numVirtualTokens, purpose });
  };
  return {
    plan,
    run: trainingStep({ objective, attachment, plan, settings }),
    evaluate: evaluationStep({ objective, attachment, plan }),
    weights: randomWeights([...plan.trainable, ...plan.frozen], random.fork('weights')),
    batch: batchFrom(random.fork('batch'), 'train'),
    anotherBatch: (index, purpose) => batchFrom(random.fork(purpose).fork(index), purpose),
  };
}

/** What a step's two stores hold before the first step. */
export function storeValues({ plan, weights }: Pick<MadeStep, 'plan' | 'weights'>): {
  readonly state: HostTensors;
  readonly frozen: HostTensors;
} {
  const pick = (specs: ParameterPlan['frozen']) => new Map(specs.map(({ name }) => [name, weights.get(name)!]));
  return { state: new Map([...pick(plan.trainable), ...initialMoments(plan.trainable)]), frozen: pick(plan.frozen) };
}

/** The batch of step t, from 1, with the optimiser's scalars. */
export function batchOfStep(batch: HostTensors, step: number): HostTensors {
  return new Map([...batch, ...adamWScalars({ learningRate, step })]);
}
