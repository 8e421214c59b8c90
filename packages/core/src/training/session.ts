import type { Instance, InstanceOutput } from '../contracts/instance.ts';
import type { PreparedStep, StepDefinition, TensorStore } from '../contracts/step-engine.ts';
import type { HostTensors } from '../contracts/tensors.ts';
import { sequenceInputs } from '../objectives/collate.ts';
import type { Padding } from '../objectives/objective.ts';
import { initialMoments } from '../optimizers/adamw.ts';
import { evaluateInstances } from './evaluate.ts';
import type { FineTuneCall } from './fine-tuned.ts';
import { initialValues } from './initial-values.ts';
import { type ParameterPlan, planParameters } from './plan-parameters.ts';
import { evaluationStep, trainingStep } from './training-step.ts';

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
