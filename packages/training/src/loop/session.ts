import { ConfigError, type HostTensor, type HostTensors, type RandomSource, type StepDefinition } from '@attune/base';
import {
  type Attachment,
  initializeParameters,
  type Model,
  type ParameterRole,
  type ParameterSpec,
} from '@attune/core';
import { sequenceInputs } from '../objectives/collate.ts';
import type { Objective } from '../objectives/objective.ts';
import { initialMoments } from '../optimizer.ts';
import { evaluateInstances } from './evaluate.ts';
import type { FineTuneCall, ParameterPlan, Session } from './fine-tuned.ts';
import { evaluationStep, trainingStep } from './training-step.ts';

/**
 * Backbone parameters the objective reads, its head, and the method's adapters, in that order, split by the method's
 * predicate.
 */
export function planParameters(call: {
  readonly model: Model;
  readonly objective: Objective;
  readonly attachment: Attachment;
}): ParameterPlan {
  const { model, objective, attachment } = call;
  const backbone = model.parameters.filter(({ role }) => !objective.unusedRoles.includes(role));
  const all = [...backbone, ...objective.parameters, ...attachment.parameters];
  const trainable = all.filter(attachment.isTrainable);
  return {
    trainable,
    frozen: all.filter((spec) => !attachment.isTrainable(spec)),
    firstNoisyLayer: Math.min(model.numLayers, ...trainable.map((spec) => lowestLayer(spec, model.numLayers))),
  };
}

const aboveLayers: readonly ParameterRole[] = ['final-norm', 'pooler', 'lm-head', 'classifier'];

/** The lowest layer whose output a parameter changes; heads change none. */
function lowestLayer({ role, layer }: ParameterSpec, numLayers: number): number {
  if (aboveLayers.includes(role)) return numLayers;
  // Embeddings, and adapters that belong to no layer, act from the bottom.
  return layer ?? 0;
}

/**
 * Values of the given parameters, in their order. The head's are drawn, each from its own fork of the source, unless
 * they are among the values.
 *
 * @param head  specs that may be missing from `values`
 * @throws ConfigError listing every value that is missing or of another shape
 */
export function initialValues(call: {
  readonly specs: readonly ParameterSpec[];
  readonly head: readonly ParameterSpec[];
  readonly values: HostTensors;
  readonly random: RandomSource;
}): HostTensors {
  const missing = call.head.filter(({ name }) => !call.values.has(name));
  const values = new Map([...call.values, ...initializeParameters(missing, call.random)]);
  const problems = call.specs.flatMap((spec) => problemsOf(spec, values.get(spec.name)));
  if (problems.length > 0) throw new ConfigError(`initial values do not fit the model:\n${problems.join('\n')}`);
  return new Map(call.specs.map(({ name }) => [name, values.get(name)!]));
}

function problemsOf({ name, shape }: ParameterSpec, value: HostTensor | undefined): string[] {
  if (value === undefined) return [`${name}: expected [${shape.join(', ')}], got nothing`];
  if (value.shape.join() === shape.join()) return [];
  return [`${name}: expected [${shape.join(', ')}], got [${value.shape.join(', ')}]`];
}

/** Puts all values into the engine and prepares both steps over the same stores. */
export function openSession(call: FineTuneCall): Session {
  const { engine, attachment, objective, settings, program } = call;
  const plan = planParameters(call);
  const { padding, maxLength } = batchLimits(call);
  const initial = initialStores(call, plan);
  const [state, frozen] = [engine.createStore(initial.state), engine.createStore(initial.frozen)];
  const step = { objective, attachment, plan, settings };
  const prepare = (name: string, run: StepDefinition['run']) =>
    engine.prepare({ name, run, state, frozen, perExample: sequenceInputs, ...(program && { key: program }) });
  const train = prepare('train', trainingStep(step));
  const evaluation = prepare('evaluate', evaluationStep(step));
  const checkStopped = () => throwIfAborted(call.signal);
  return {
    plan,
    state,
    train,
    evaluation,
    padding,
    maxLength,
    checkStopped,
    evaluate: (instances) => {
      const { numVirtualTokens } = attachment;
      return evaluateInstances({
        objective,
        step: evaluation,
        instances,
        padding,
        numVirtualTokens,
        maxLength,
        checkStopped,
      });
    },
    dispose() {
      for (const owned of [train, evaluation, state, frozen]) owned.dispose();
    },
  };
}

/** How batches of a call are padded, and how long they may be. */
export function batchLimits({
  model,
  settings,
  padId = 0,
  paddingSide,
}: FineTuneCall): Pick<Session, 'padding' | 'maxLength'> {
  return { padding: { padId, paddingSide }, maxLength: Math.min(settings.maxLength, model.maxLength) };
}

/** What the stores hold before the first step: trainable parameters with their moments, and frozen ones. */
export function initialStores(
  { values, attachment, objective, random }: FineTuneCall,
  plan: ParameterPlan,
): { readonly state: HostTensors; readonly frozen: HostTensors } {
  const all = new Map([...values, ...attachment.initialValues()]);
  const fork = random.fork('init');
  const valuesOf = (specs: ParameterPlan['frozen']) =>
    initialValues({
      specs,
      head: objective.parameters.filter((spec) => specs.includes(spec)),
      values: all,
      random: fork,
    });
  return {
    state: new Map([...valuesOf(plan.trainable), ...initialMoments(plan.trainable)]),
    frozen: valuesOf(plan.frozen),
  };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new DOMException('fine-tuning was stopped', { name: 'AbortError', cause: signal.reason });
}
