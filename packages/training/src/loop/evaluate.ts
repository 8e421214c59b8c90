import { ConfigError, type HostTensors, type PreparedStep } from '@attune/base';
import type { FillInstance, Instance, InstanceOutput } from '@attune/core';
import { ofKind } from '../objectives/collate.ts';
import { greedyFill } from '../objectives/fill.ts';
import type { Objective, Padding } from '../objectives/objective.ts';
import type { Best, Selection, Session } from './fine-tuned.ts';
import { planEvaluation } from './timetable.ts';

/** Sequences of one evaluation batch, at most. Without gradients more fit than in training. */
const evaluationBatchSize = 32;

/** The instances to be answered, and the step that answers a batch of them. */
interface EvaluateCall {
  readonly objective: Objective;
  readonly step: PreparedStep;
  readonly instances: readonly Instance[];
  readonly padding: Padding;
  readonly numVirtualTokens: number;
  readonly maxLength: number;
  /** Called before each batch; throws to stop. */
  readonly checkStopped?: (() => void) | undefined;
}

/**
 * Outputs of all instances, in order. Choices and candidates are scored one sequence at a time, so that groups of any
 * size share a shape; masks to fill are filled greedily.
 */
export async function evaluateInstances(call: EvaluateCall): Promise<InstanceOutput[]> {
  const units = call.instances.map(unitsOf);
  const flat = units.flat();
  const batchSize = evenBatchSize(flat.length);
  const run = (instances: readonly Instance[]) => runBatches({ ...call, instances }, batchSize);
  if (call.objective.kind === 'fill')
    return greedyFill(ofKind(flat, 'fill'), (open: readonly FillInstance[]) => run(open));
  const outputs = await run(flat);
  let start = 0;
  return units.map((own) => {
    const end = start + own.length;
    const scores = outputs.slice(start, end).flatMap((output) => output.scores);
    start = end;
    return { scores };
  });
}

/** The smallest size that needs no more batches than the largest one does: 33 instances are 17 and 16, not 32 and 1. */
function evenBatchSize(count: number): number {
  return Math.max(1, Math.ceil(count / Math.max(1, Math.ceil(count / evaluationBatchSize))));
}

/** An instance as the independent parts that its scores are made of. */
function unitsOf(instance: Instance): Instance[] {
  switch (instance.kind) {
    case 'choice':
      return instance.sequences.map((sequence) => ({ kind: 'choice', sequences: [sequence] }));
    case 'candidates':
      return instance.sequences.map((sequence, index) => ({
        kind: 'candidates',
        sequences: [sequence],
        targets: [instance.targets[index] ?? []],
      }));
    default:
      return [instance];
  }
}

/** One batch of an evaluation. */
interface EvaluationBatch {
  /** Places among the instances. */
  readonly indices: readonly number[];
  readonly instances: readonly Instance[];
  readonly inputs: HostTensors;
}

/** The batches of one pass over instances, as `evaluateInstances` runs them; of masks to fill, the first pass. */
export function evaluationBatches(call: Omit<EvaluateCall, 'step'>): Generator<EvaluationBatch, void> {
  const instances = call.instances.flatMap(unitsOf);
  return collatedBatches({ ...call, instances }, evenBatchSize(instances.length));
}

function* collatedBatches(call: Omit<EvaluateCall, 'step'>, batchSize: number): Generator<EvaluationBatch, void> {
  const { objective, instances, padding, numVirtualTokens, maxLength } = call;
  for (const { indices, length } of planEvaluation({ instances, batchSize, maxLength })) {
    call.checkStopped?.();
    const own = indices.map((index) => instances[index]!);
    const shape = { ...padding, length, batchSize, numVirtualTokens, purpose: 'evaluate' as const };
    yield { indices, instances: own, inputs: objective.collate(own, shape) };
  }
}

async function runBatches(call: EvaluateCall, batchSize: number): Promise<InstanceOutput[]> {
  const { objective, step } = call;
  const outputs = new Array<InstanceOutput>(call.instances.length);
  for (const { indices, instances, inputs } of collatedBatches(call, batchSize)) {
    const read = objective.read(await step.run(inputs), instances);
    indices.forEach((index, row) => {
      outputs[index] = read[row]!;
    });
  }
  return outputs;
}

/** Keeps the best checkpoint in host memory and says when to stop. */
export interface Selector {
  readonly best: Best | undefined;
  /** Trainable values at `best`. */
  readonly snapshot: HostTensors | undefined;
  /** Whether `patience` evaluations in a row brought no improvement. */
  readonly exhausted: boolean;
  /** Scores the current parameters; null when an output is NaN. */
  evaluate(step: number): Promise<number | null>;
}

/**
 * Best-checkpoint selection. Only a strictly higher score replaces the best one: ties keep the earlier checkpoint and
 * count against the patience. The first candidate is the state before the first step, so training that is no better than
 * none keeps the model as it was. (PET's code counts ties against the patience too, but keeps the later checkpoint, and
 * evaluates after steps only.)
 */
export class SelectionRule {
  readonly #patience: number | undefined;
  #best: Best | undefined;
  #misses = 0;

  /** @param patience  evaluations without an improvement before training stops; absent: never */
  constructor(patience: number | undefined) {
    this.#patience = patience;
  }

  get best(): Best | undefined {
    return this.#best;
  }

  /** Whether `patience` evaluations in a row brought no improvement. */
  get exhausted(): boolean {
    return this.#patience !== undefined && this.#misses >= this.#patience;
  }

  /** Takes the next evaluation, and says whether it is the best so far. */
  isBest(evaluated: Best): boolean {
    const isBest = this.#best === undefined || evaluated.score > this.#best.score;
    if (isBest) this.#best = evaluated;
    this.#misses = isBest ? 0 : this.#misses + 1;
    return isBest;
  }
}

/** Scores the parameters of a session, and keeps those that the rule calls best. */
export function createSelector(call: {
  readonly session: Session;
  readonly selection: Selection;
  readonly patience: number | undefined;
}): Selector {
  const { session, selection, patience } = call;
  const names = session.plan.trainable.map(({ name }) => name);
  const rule = new SelectionRule(patience);
  let snapshot: HostTensors | undefined;
  return {
    get best() {
      return rule.best;
    },
    get snapshot() {
      return snapshot;
    },
    get exhausted() {
      return rule.exhausted;
    },
    async evaluate(step) {
      const outputs = await session.evaluate(selection.instances);
      if (outputs.some(({ scores }) => scores.some(Number.isNaN))) return null;
      const score = checkedScore(selection.score(outputs));
      if (rule.isBest({ step, score })) snapshot = await session.state.read(names);
      return score;
    },
  };
}

function checkedScore(score: number): number {
  if (!Number.isFinite(score)) {
    throw new ConfigError(`selection.score: expected a finite number, got ${score}; check the metric on empty classes`);
  }
  return score;
}
