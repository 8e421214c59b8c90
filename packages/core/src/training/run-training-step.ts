import type { Instance } from '../contracts/instance.ts';
import type { NoiseRequest } from '../contracts/step-engine.ts';
import type { HostTensors } from '../contracts/tensors.ts';
import type { Padding } from '../objectives/objective.ts';
import { adamWScalars } from '../optimizers/adamw.ts';
import { fillDropoutMask } from '../random/dropout-mask.ts';
import type { RandomSource } from '../random/random-source.ts';
import { elementCount } from '../tensor/host-tensor.ts';
import type { FineTuneCall } from './fine-tuned.ts';
import { planTraining } from './plan-batches.ts';
import type { Session } from './session.ts';
import type { Timetable } from './timetable.ts';

/** A planned batch of one epoch. */
export interface TrainingBatch {
  /** Places among the epoch's instances. */
  readonly indices: readonly number[];
  readonly instances: readonly Instance[];
  readonly length: number;
}

/** Batches of epoch after epoch, without end. */
export function* trainingBatches(
  call: FineTuneCall,
  { timetable, maxLength }: { readonly timetable: Timetable; readonly maxLength: number },
): Generator<TrainingBatch, never> {
  const shuffle = call.random.fork('shuffle');
  for (let epoch = 0; ; epoch++) {
    const instances = instancesOf(call, epoch);
    const random = shuffle.fork(epoch);
    for (const { indices, length } of planTraining({ instances, batchSize: timetable.batchSize, maxLength, random })) {
      yield { indices, instances: indices.map((index) => instances[index]!), length };
    }
  }
}

/** The instances of one epoch. */
export function instancesOf({ instances }: FineTuneCall, epoch: number): readonly Instance[] {
  return typeof instances === 'function' ? instances(epoch) : instances;
}

/**
 * What a step is given: its batch collated, and the scalars of its update.
 *
 * @param step  from 1
 */
export function trainingInputs(
  { objective, attachment, settings }: Pick<FineTuneCall, 'objective' | 'attachment' | 'settings'>,
  given: {
    readonly padding: Padding;
    readonly timetable: Timetable;
    readonly batch: TrainingBatch;
    readonly step: number;
  },
): HostTensors {
  const { timetable, batch, step } = given;
  const inputs = objective.collate(batch.instances, {
    length: batch.length,
    batchSize: timetable.batchSize,
    ...given.padding,
    numVirtualTokens: attachment.numVirtualTokens,
    purpose: 'train',
  });
  const learningRate = settings.learningRate * timetable.schedule(step - 1);
  return new Map([...inputs, ...adamWScalars({ learningRate, step })]);
}

/**
 * Runs one training step.
 *
 * @param step  from 1
 * @returns     its loss, and its costs as the engine counts them
 */
export async function runTrainingStep(
  call: FineTuneCall,
  given: {
    readonly session: Session;
    readonly timetable: Timetable;
    readonly batch: TrainingBatch;
    readonly step: number;
    readonly flops: FlopCounter;
  },
): Promise<number> {
  const { session, step } = given;
  const batch = trainingInputs(call, { ...given, padding: session.padding });
  const outputs = await session.train.run(batch, dropoutNoise(call.random.fork('dropout').fork(step)));
  given.flops.add(batch);
  return outputs.get('loss')!.data[0]!;
}

/** Masks drawn from the seed, the step and the site, so that every engine sees the same ones. */
function dropoutNoise(random: RandomSource): (request: NoiseRequest) => Float32Array {
  return ({ site, shape, rate }) => fillDropoutMask(random.fork(site), elementCount(shape), rate);
}

/** Sums the FLOPs of steps; the engine is asked once for each set of batch shapes. */
export interface FlopCounter {
  readonly total: number;
  add(batch: HostTensors): void;
}

export function flopCounter({ train }: Session): FlopCounter {
  const known = new Map<string, number>();
  let total = 0;
  return {
    get total() {
      return total;
    },
    add(batch) {
      const shapes = JSON.stringify([...batch].map(([name, { shape }]) => [name, shape]));
      const flops = known.get(shapes) ?? train.costs(batch).flops;
      known.set(shapes, flops);
      total += flops;
    },
  };
}
