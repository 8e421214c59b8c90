import { ConfigError, defaultTraining, type HostTensors, randomSource } from '@attune/base';
import type { Attachment, FineTuningMethod, Formulation, Instance, Model } from '@attune/core';
import { type StepNames, type StepTypes, type TracedStep, traceStep } from '@attune/engine';
import {
  adamWScalars,
  createObjective,
  momentShapes,
  type Objective,
  type ParameterPlan,
  planParameters,
  trainingStep,
} from '@attune/training';

/** Two labels of one word each: what most of SuperGLUE's tasks ask. */
const numLabels = 2;

/** Which training step is costed. The length counts tokens of a sequence; every one of the batch has that many. */
export interface StepRequest {
  readonly model: Model;
  readonly method: FineTuningMethod;
  /** As the method's schema gives them. */
  readonly settings: unknown;
  readonly formulation: Formulation;
  readonly batchSize: number;
  readonly length: number;
  /** Replaces the rates of the model's config. */
  readonly dropout?: number;
}

/** A training step that is ready to be traced or run; nothing in it has the size of a weight. */
interface PlannedStep {
  readonly plan: ParameterPlan;
  readonly attachment: Attachment;
  readonly run: ReturnType<typeof trainingStep>;
  readonly batch: HostTensors;
}

/**
 * One training step of a method, with the training settings that experiments have when they give none.
 *
 * @throws ConfigError when nothing trains or the length does not fit
 */
export function planStep(request: StepRequest): PlannedStep {
  const { model, method, settings } = request;
  const attachment = method.attach({ model, values: new Map(), settings, random: randomSource(0) });
  const objective = createObjective({ ...kindOf(request), model });
  const plan = planParameters({ model, objective, attachment });
  if (plan.trainable.length === 0) throw new ConfigError(`method ${method.name} trains nothing: there is no step`);
  const { dropout, batchSize } = request;
  const training = { ...defaultTraining, batchSize, ...(dropout === undefined ? {} : { dropout }) };
  return {
    plan,
    attachment,
    run: trainingStep({ objective, attachment, plan, settings: training }),
    batch: batchOf(request, objective, attachment),
  };
}

/** The planned step's graph, and the names of what its stores hold. */
export function traceTraining({ plan, run, batch }: PlannedStep): { traced: TracedStep; names: StepNames } {
  const types = stepTypes(plan);
  const names = { state: [...types.state.keys()], frozen: [...types.frozen.keys()], perExample: [] };
  return { traced: traceStep({ name: 'train', run }, types, batch), names };
}

/** Names, shapes and dtypes of what the two stores of a step hold. */
export function stepTypes({ trainable, frozen }: ParameterPlan): StepTypes {
  const types = (shapes: Iterable<readonly [string, readonly number[]]>): StepTypes['state'] =>
    new Map([...shapes].map(([name, shape]) => [name, { dtype: 'float32', shape }]));
  const own = (specs: ParameterPlan['frozen']) => specs.map(({ name, shape }) => [name, shape] as const);
  return { state: types([...own(trainable), ...momentShapes(trainable)]), frozen: types(own(frozen)) };
}

function kindOf({ formulation, model }: StepRequest) {
  if (formulation === 'head') return { kind: 'classification', numLabels } as const;
  return { kind: 'cloze', verbalizer: [[0], [model.vocabSize - 1]] } as const;
}

function batchOf(request: StepRequest, objective: Objective, { numVirtualTokens }: Attachment): HostTensors {
  const { batchSize, length } = request;
  const instances = Array.from({ length: batchSize }, () => instanceOf(request, numVirtualTokens));
  const shape = { length, batchSize, padId: 0, numVirtualTokens, purpose: 'train' } as const;
  return new Map([...objective.collate(instances, shape), ...adamWScalars({ learningRate: 1e-5, step: 1 })]);
}

/** A sequence of full length: pseudo tokens first, then words, and a mask at the end if there is one. */
function instanceOf({ formulation, length, model }: StepRequest, numVirtualTokens: number): Instance {
  if (length > model.maxLength) {
    throw new ConfigError(`length ${length}: the model takes at most ${model.maxLength} positions`);
  }
  if (numVirtualTokens >= length) {
    throw new ConfigError(`length ${length}: expected more than the method's ${numVirtualTokens} pseudo tokens`);
  }
  const ids = Array.from({ length }, (_, position) => position % model.vocabSize);
  const sequence = {
    inputIds: ids,
    tokenTypeIds: ids.map(() => 0),
    maskPositions: formulation === 'cloze' ? [length - 1] : [],
    virtualTokenPositions: ids.slice(0, numVirtualTokens).map((_, position) => position),
  };
  return { kind: formulation === 'head' ? 'classification' : 'cloze', sequence, label: 0 };
}
