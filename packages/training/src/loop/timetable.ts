import { type RandomSource, ShapeError, type TrainingSettings } from '@attune/base';
import type { EncodedSequence, Instance } from '@attune/core';
import { linearSchedule, type Schedule } from '../optimizer.ts';

/**
 * The length a batch is padded to: the next of 16, 24, 32, 48, 64, 96, 128, 192, … (powers of two and the midpoints
 * between them), at most `maxLength`. Few lengths mean few compiled shapes; at most a third is padding.
 *
 * @throws ShapeError when the sequence is longer than maxLength
 */
export function bucketLength(length: number, maxLength: number): number {
  if (length > maxLength) {
    throw new ShapeError(
      `batch: a sequence has ${length} tokens, maxLength is ${maxLength}; truncate it when formulating`,
    );
  }
  let bucket = 16;
  while (bucket < length) bucket = Number.isInteger(Math.log2(bucket)) ? bucket * 1.5 : (bucket / 3) * 4;
  return Math.min(bucket, maxLength);
}

/** Length of an instance's longest sequence. */
function instanceLength(instance: Instance): number {
  return Math.max(...sequencesOf(instance).map(({ inputIds }) => inputIds.length));
}

/** The sequences of an instance: one, or one for each choice or candidate. */
export function sequencesOf(instance: Instance): readonly EncodedSequence[] {
  return 'sequences' in instance ? instance.sequences : [instance.sequence];
}

interface PlannedBatch {
  /** Indices of the instances, at most the batch size. */
  readonly indices: readonly number[];
  readonly length: number;
}

/** Instances to be put into batches of like lengths; `maxLength` counts tokens. */
interface BatchPlanCall {
  readonly instances: readonly Instance[];
  readonly batchSize: number;
  readonly maxLength: number;
}

/**
 * One epoch of training batches: instances are shuffled, put in order of their length bucket, cut into batches, and
 * the batches are shuffled. A cut leaves ⌈n / batchSize⌉ batches, of which few mix two buckets. Which batch is the
 * partial one is drawn too: were it always the last, the longest examples would weigh more than the others.
 */
export function planTraining(call: BatchPlanCall & { readonly random: RandomSource }): PlannedBatch[] {
  const { instances, batchSize, random } = call;
  const count = Math.ceil(instances.length / batchSize);
  const partial = count === 0 ? 0 : random.fork('partial').integer(count);
  const sizes = Array.from({ length: count }, (_, batch) =>
    batch === partial ? instances.length - (count - 1) * batchSize : batchSize,
  );
  const batches = cut(call, { order: random.fork('instances').permutation(instances.length), sizes });
  return random
    .fork('batches')
    .permutation(count)
    .map((index) => batches[index]!);
}

/** Batches for one pass over all instances, in order of length bucket and then of index. */
export function planEvaluation(call: BatchPlanCall): PlannedBatch[] {
  const count = Math.ceil(call.instances.length / call.batchSize);
  return cut(call, { order: [...call.instances.keys()], sizes: new Array<number>(count).fill(call.batchSize) });
}

function cut(
  { instances, maxLength }: BatchPlanCall,
  { order, sizes }: { readonly order: readonly number[]; readonly sizes: readonly number[] },
): PlannedBatch[] {
  const lengths = instances.map((instance) => bucketLength(instanceLength(instance), maxLength));
  // Sorting is stable, so the given order stays within a bucket.
  const sorted = order.toSorted((a, b) => lengths[a]! - lengths[b]!);
  let start = 0;
  return sizes.map((size) => {
    const indices = sorted.slice(start, start + size);
    start += size;
    return { indices, length: Math.max(...indices.map((index) => lengths[index]!)) };
  });
}

/** When a training does what; steps count from 1, and 0 is the state before them. */
export interface Timetable {
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly warmupSteps: number;
  readonly schedule: Schedule;
  /** Whether the step is followed by an evaluation; the state before the first step and the last step always are. */
  isEvaluation(step: number): boolean;
}

/**
 * totalSteps = ⌈epochs · stepsPerEpoch⌉, at most maxSteps; warm-up takes ⌈warmupRatio · totalSteps⌉ of them. An evaluation
 * follows every round(stepsPerEpoch / evaluationsPerEpoch) steps. What cannot be so is said by `settingsNotes`.
 *
 * @param numInstances  of one epoch; 0 gives no steps
 */
export function makeTimetable(settings: TrainingSettings, numInstances: number): Timetable {
  const batchSize = Math.max(1, Math.min(settings.batchSize, numInstances));
  const stepsPerEpoch = Math.ceil(numInstances / batchSize);
  const totalSteps = Math.min(
    Math.ceil(settings.epochs * stepsPerEpoch),
    settings.maxSteps ?? Number.POSITIVE_INFINITY,
  );
  const warmupSteps = Math.ceil(settings.warmupRatio * totalSteps);
  const interval = Math.max(1, Math.round(stepsPerEpoch / settings.evaluationsPerEpoch));
  return {
    batchSize,
    stepsPerEpoch,
    totalSteps,
    warmupSteps,
    schedule: linearSchedule({ warmupSteps, totalSteps }),
    isEvaluation: (step) => step % interval === 0 || step === totalSteps,
  };
}
