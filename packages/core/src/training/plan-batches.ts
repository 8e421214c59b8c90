import type { Instance } from '../contracts/instance.ts';
import type { RandomSource } from '../random/random-source.ts';
import { bucketLength, instanceLength } from './length-buckets.ts';

export interface PlannedBatch {
  /** Indices of the instances, at most the batch size. */
  readonly indices: readonly number[];
  readonly length: number;
}

export interface BatchPlanCall {
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
