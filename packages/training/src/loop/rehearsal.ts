import type { HostTensors, StepDefinition } from '@attune/base';
import type { Instance } from '@attune/core';
import { evaluationBatches, SelectionRule } from './evaluate.ts';
import type { Best, CurvePoint, FineTuneCall, ParameterPlan } from './fine-tuned.ts';
import { batchLimits, initialStores, openSession, planParameters } from './session.ts';
import { makeTimetable, type Timetable } from './timetable.ts';
import {
  evaluationStep,
  flopCounter,
  instancesOf,
  runTrainingStep,
  trainingBatches,
  trainingInputs,
  trainingStep,
} from './training-step.ts';

/** One step of a training that was not run. */
export interface RehearsedStep {
  /** From 1. */
  readonly step: number;
  /** Places among the epoch's instances, in the order of the batch. */
  readonly indices: readonly number[];
  readonly inputs: HostTensors;
  readonly learningRate: number;
  /** Whether an evaluation follows. */
  readonly isEvaluation: boolean;
}

/** All that `fineTune` would do with the same call, as far as nothing has to be computed for it. */
export interface Rehearsal {
  /** What the stores hold before the first step. */
  readonly initial: { readonly state: HostTensors; readonly frozen: HostTensors };
  readonly train: StepDefinition['run'];
  readonly evaluate: StepDefinition['run'];
  /** Whether a selection scores the state before the first step too. */
  readonly evaluatesStart: boolean;
  /** Every step of the whole training, one at a time; none where nothing trains. */
  steps(): Generator<RehearsedStep, void>;
  /** Batches of an evaluation; of masks to fill, the first pass, whose shapes the others have. */
  evaluation(instances: readonly Instance[]): Generator<HostTensors, void>;
}

/** Plans a fine-tuning without running it: its batches are collated as they are asked for, its steps are functions. */
export function rehearse(call: FineTuneCall): Rehearsal {
  const { objective, attachment, settings } = call;
  const plan = planParameters(call);
  const step = { objective, attachment, plan, settings };
  return {
    initial: initialStores(call, plan),
    train: trainingStep(step),
    evaluate: evaluationStep(step),
    evaluatesStart: timetableOf(call, plan).isEvaluation(0),
    steps: () => rehearsedSteps(call, plan),
    *evaluation(instances) {
      const { numVirtualTokens } = attachment;
      const batches = evaluationBatches({ objective, instances, numVirtualTokens, ...batchLimits(call) });
      for (const { inputs } of batches) yield inputs;
    },
  };
}

function* rehearsedSteps(call: FineTuneCall, plan: ParameterPlan): Generator<RehearsedStep, void> {
  const { padding, maxLength } = batchLimits(call);
  const timetable = timetableOf(call, plan);
  const batches = trainingBatches(call, { timetable, maxLength });
  for (let step = 1; step <= timetable.totalSteps; step++) {
    const batch = batches.next().value;
    yield {
      ...{ step, indices: batch.indices, isEvaluation: timetable.isEvaluation(step) },
      learningRate: call.settings.learningRate * timetable.schedule(step - 1),
      inputs: trainingInputs(call, { padding, timetable, batch, step }),
    };
  }
}

function timetableOf(call: FineTuneCall, { trainable }: ParameterPlan): Timetable {
  return makeTimetable(call.settings, trainable.length === 0 ? 0 : instancesOf(call, 0).length);
}

/** What the first steps of a training gave. */
export interface FirstSteps {
  readonly losses: readonly number[];
  /** Trainable parameters after these steps. */
  readonly trainable: HostTensors;
  /** The evaluation step's outputs for the first batch of the given instances, after these steps. */
  readonly outputs: HostTensors;
}

/**
 * Runs the first steps of a training, fewer than asked for where it is shorter, and one batch of an evaluation. The
 * same call to `fineTune` gives the same bits.
 */
export async function runFirstSteps(
  call: FineTuneCall,
  { count, instances }: { readonly count: number; readonly instances: readonly Instance[] },
): Promise<FirstSteps> {
  const session = openSession(call);
  try {
    const { plan, maxLength, padding } = session;
    const timetable = timetableOf(call, plan);
    const batches = trainingBatches(call, { timetable, maxLength });
    const flops = flopCounter(session);
    const losses: number[] = [];
    for (let step = 1; step <= Math.min(count, timetable.totalSteps); step++) {
      losses.push(await runTrainingStep(call, { session, timetable, batch: batches.next().value, step, flops }));
    }
    const { objective, attachment } = call;
    const { numVirtualTokens } = attachment;
    const first = evaluationBatches({ objective, instances, padding, maxLength, numVirtualTokens }).next().value;
    return {
      losses,
      trainable: await session.state.read(plan.trainable.map(({ name }) => name)),
      outputs: first ? await session.evaluation.run(first.inputs) : new Map(),
    };
  } finally {
    session.dispose();
  }
}

/**
 * Applies the rule of selection to a curve: the evaluation it keeps, and how many evaluations it takes until the
 * patience is over (all of them where it is not).
 */
export function replaySelection(
  curve: readonly CurvePoint[],
  patience: number | undefined,
): { readonly best: Best | undefined; readonly evaluations: number; readonly exhausted: boolean } {
  const rule = new SelectionRule(patience);
  let evaluations = 0;
  for (const { step, selectionScore } of curve) {
    evaluations += 1;
    if (selectionScore !== null) rule.isBest({ step, score: selectionScore });
    if (rule.exhausted) break;
  }
  return { best: rule.best, evaluations, exhausted: rule.exhausted };
}
