import * as tf from '@tensorflow/tfjs';
import type { FillInstance } from '../contracts/instance.ts';
import type { Model } from '../contracts/model.ts';
import type { HostTensor } from '../contracts/tensors.ts';
import { DatasetError } from '../errors.ts';
import { hostTensor, intTensor } from '../tensor/host-tensor.ts';
import { collateSequences, fillUp, ofKind, outputData } from './collate.ts';
import { crossEntropy, oneHotTargets, weightedMean } from './cross-entropy.ts';
import { maskLogits, named } from './forward.ts';
import type { BatchShape, Objective, ObjectiveCall } from './objective.ts';
import { slotCapacity } from './slot-capacity.ts';

/**
 * Masks filled from the whole vocabulary: the mean over all masks of the batch of −log p(target). It serves cloze
 * answers of unknown words and masked-language-model pre-training alike (Devlin et al. 2019, section 3.1).
 *
 * Outputs of one pass, for each mask: the best id, and its log-probability as the score. `greedyFill` turns passes
 * into a fill.
 */
export function fillObjective(model: Model): Objective {
  return {
    kind: 'fill',
    parameters: [],
    unusedRoles: ['pooler', 'classifier'],
    collate(given, shape) {
      const instances = fillUp(ofKind(given, 'fill'), shape.batchSize);
      return collateMasks(instances, { shape, count: given.length });
    },
    loss(call) {
      const losses = crossEntropy(maskLogits(model, call), oneHotTargets(call.batch, model.vocabSize));
      return weightedMean(losses, named(call.batch, 'weights'));
    },
    outputs: (call) => bestTokens(model, call),
    read(outputs, given) {
      const ids = outputData(outputs, 'bestIds');
      const logProbabilities = outputData(outputs, 'bestLogProbabilities');
      let start = 0;
      return ofKind(given, 'fill').map(({ sequence }) => {
        const end = start + sequence.maskPositions.length;
        const own = (data: Float32Array | Int32Array) => Array.from(data.subarray(start, end));
        const output = { scores: own(logProbabilities), filledIds: own(ids) };
        start = end;
        return output;
      });
    },
  };
}

/** Best id and its log-probability at each mask slot: both [masks]. */
function bestTokens(model: Model, call: ObjectiveCall): Map<string, tf.Tensor> {
  const logProbabilities = tf.logSoftmax(maskLogits(model, call));
  return new Map([
    ['bestIds', tf.argMax(logProbabilities, 1)],
    ['bestLogProbabilities', tf.max(logProbabilities, 1)],
  ]);
}

/**
 * Slots are flat over the batch, in order of instance and position. Their number is a multiple of the batch size, so
 * that batches with slightly different numbers of masks share a shape; empty slots read the first mask, weight 0.
 */
function collateMasks(
  instances: readonly FillInstance[],
  { shape, count }: { readonly shape: BatchShape; readonly count: number },
): Map<string, HostTensor> {
  const masks = instances.slice(0, count).flatMap((instance, row) => masksOf(instance, row * shape.length));
  const first = masks[0];
  if (first === undefined) throw new DatasetError('collate: no instance of the batch has a mask');
  const slots = shape.batchSize * slotCapacity(Math.ceil(masks.length / shape.batchSize));
  const filled = fillUp(masks, slots);
  const batch = collateSequences(
    instances.map(({ sequence }) => sequence),
    shape,
  ).set(
    'maskPositions',
    intTensor(
      [slots],
      filled.map(({ position }) => position),
    ),
  );
  if (shape.purpose === 'evaluate') return batch;
  const weights = new Float32Array(slots).fill(1, 0, masks.length);
  return batch
    .set('targets', intTensor([slots], filled.map(checkedTarget)))
    .set('weights', hostTensor([slots], weights));
}

interface Mask {
  /** row · length + position */
  readonly position: number;
  readonly target: number | undefined;
}

function masksOf({ sequence, targets }: FillInstance, start: number): Mask[] {
  return sequence.maskPositions.map((position, index) => ({ position: start + position, target: targets?.[index] }));
}

function checkedTarget({ target }: Mask): number {
  if (target === undefined) throw new DatasetError('collate: a mask has no target; give one target id for each mask');
  return target;
}
