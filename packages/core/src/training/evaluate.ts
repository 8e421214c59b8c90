import type { FillInstance, Instance, InstanceOutput } from '../contracts/instance.ts';
import type { PreparedStep } from '../contracts/step-engine.ts';
import type { HostTensors } from '../contracts/tensors.ts';
import { ofKind } from '../objectives/collate.ts';
import { greedyFill } from '../objectives/greedy-fill.ts';
import type { Objective, Padding } from '../objectives/objective.ts';
import { planEvaluation } from './plan-batches.ts';

/** Sequences of one evaluation batch, at most. Without gradients more fit than in training. */
const evaluationBatchSize = 32;

export interface EvaluateCall {
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
export interface EvaluationBatch {
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
