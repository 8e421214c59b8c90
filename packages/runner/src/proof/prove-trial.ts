import { arch, cpus } from 'node:os';
import { type HostTensors, hashTensors } from '@attune/base';
import type { Prediction } from '@attune/core';
import type { Proof } from '@attune/records';
import { type FineTuneCall, type FirstSteps, type Rehearsal, rehearse, runFirstSteps } from '@attune/training';
import type { TrialPlan } from '../experiment/resolved.ts';
import type { PreparedTrial } from '../trial/prepare-trial.ts';
import { answerFixedOutputs, answerTexts } from './answering.ts';
import { hashTexts, SplitHash, TimetableHash, type TracedSteps } from './traced-steps.ts';

/** Steps of a training that are computed for its proof. */
const firstSteps = 3;

/** Numbers of an evaluation batch that a proof has beside the hash of all, to compare them on another processor. */
const firstOutputs = 8;

/** Digits by which a float32 is known again. */
const floatDigits = 9;

/** A trial made ready, whose proof is wanted. */
interface ProveCall {
  readonly plan: TrialPlan;
  readonly prepared: PreparedTrial;
  /** The training as it is, or would be, run. */
  readonly training: FineTuneCall;
  /** Equal for trials that run the same steps. */
  readonly group: string;
  readonly traced: TracedSteps;
}

/** A proof, and what was seen on the way to it. */
export interface ProvenTrial {
  readonly proof: Proof;
  /** Operations of every step of the whole training, in order. */
  readonly stepFlops: readonly number[];
  /** Steps that are followed by an evaluation, 0 for the state before the first. */
  readonly evaluationSteps: readonly number[];
  /** The task's answers to fixed outputs on the reported split: its items, in order. */
  readonly answers: readonly Prediction[];
}

/** Computes the proof of a trial: traces, hashes and three steps, no training. */
export async function proveTrial(call: ProveCall): Promise<ProvenTrial> {
  const { plan, prepared, training } = call;
  const rehearsal = rehearse(training);
  const steps = proveSteps(call, rehearsal);
  const answered = [prepared.select, prepared.report].map((split) => answerFixedOutputs(plan.task, split));
  const first = await runFirstSteps(training, { count: firstSteps, instances: prepared.report.formulated.instances });
  const { state, frozen } = rehearsal.initial;
  return {
    ...{ stepFlops: steps.stepFlops, evaluationSteps: steps.evaluationSteps, answers: answered[1]!.predictions },
    proof: {
      ...steps.hashes,
      initialValues: hashTexts([hashTensors(state), hashTensors(frozen)]),
      answering: hashTexts(answered.flatMap((answers) => [...answerTexts(answers)])),
      firstSteps: firstStepsOf(first),
    },
  };
}

/** Goes through all batches of the training and of both evaluations. */
function proveSteps({ prepared, group, traced }: ProveCall, rehearsal: Rehearsal) {
  const stores = rehearsal.initial;
  const train = traced.of(group, { name: 'train', run: rehearsal.train, ...stores });
  const evaluate = traced.of(group, { name: 'evaluate', run: rehearsal.evaluate, ...stores });
  const timetable = new TimetableHash();
  const trainSplit = new SplitHash(prepared.train.formulated);
  const stepFlops: number[] = [];
  const evaluationSteps = rehearsal.evaluatesStart ? [0] : [];
  for (const step of rehearsal.steps()) {
    timetable.add(step);
    trainSplit.add(step.inputs);
    stepFlops.push(train.add(step.inputs).flops);
    if (step.isEvaluation) evaluationSteps.push(step.step);
  }
  const evaluated = ({ formulated }: PreparedTrial['select']) => {
    const split = new SplitHash(formulated);
    for (const inputs of rehearsal.evaluation(formulated.instances)) {
      split.add(inputs);
      evaluate.add(inputs);
    }
    return split.digest();
  };
  const instances = {
    train: trainSplit.digest(),
    select: evaluated(prepared.select),
    report: evaluated(prepared.report),
  };
  const hashes = {
    steps: { train: train.digest(), evaluate: evaluate.digest() },
    ...{ instances, timetable: timetable.digest() },
  };
  return { hashes, stepFlops, evaluationSteps };
}

function firstStepsOf({ losses, trainable, outputs }: FirstSteps): Proof['firstSteps'] {
  const floats = [...outputs.values()].filter(({ dtype }) => dtype === 'float32').flatMap(({ data }) => [...data]);
  return {
    processor: processorKind(),
    losses: losses.map(jsonNumber),
    parameters: hashTensors(trainable),
    norm: jsonNumber(norm(trainable)),
    outputs: { first: floats.slice(0, firstOutputs).map(jsonNumber), hash: hashTensors(outputs) },
  };
}

/** Two processors of one kind compute the same bits with the same libraries. */
export function processorKind(): string {
  return `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${arch()}`;
}

function jsonNumber(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(floatDigits)) : null;
}

function norm(tensors: HostTensors): number {
  let squares = 0;
  for (const { data } of tensors.values()) for (const value of data) squares += value * value;
  return Math.sqrt(squares);
}
