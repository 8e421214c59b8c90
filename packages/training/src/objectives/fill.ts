import { DatasetError, type HostTensor, hostTensor } from '@attune/base';
import type { FillInstance, InstanceOutput, Model } from '@attune/core';
import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy, oneHotTargets, weightedMean } from './classification.ts';
import { answerPosition } from './cloze.ts';
import { collateSequences, fillUp, ofKind, outputRows, sequenceStart } from './collate.ts';
import { type BatchShape, maskLogits, named, type Objective, type ObjectiveCall, slotCapacity } from './objective.ts';

/**
 * Masks filled from the whole vocabulary: the mean over all masks of the batch of −log p(target). It serves cloze
 * answers of unknown words and pre-training alike: of a masked language model (Devlin et al. 2019, section 3.1), and of
 * a causal one, which is asked for every token after the first.
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
      return collateMasks(instances, { shape, count: given.length, answer: (mask) => answerPosition(model, mask) });
    },
    loss(call) {
      const losses = crossEntropy(maskLogits(model, call), oneHotTargets(call.batch, model.vocabSize));
      return weightedMean(losses, named(call.batch, 'weights'));
    },
    outputs: (call) => bestTokens(model, call),
    read(outputs, given) {
      const rows = (name: string) => outputRows(outputs, name, given.length);
      const [ids, logProbabilities] = [rows('bestIds'), rows('bestLogProbabilities')];
      return ofKind(given, 'fill').map(({ sequence }, row) => {
        const masks = sequence.maskPositions.length;
        return { scores: logProbabilities[row]!.slice(0, masks), filledIds: ids[row]!.slice(0, masks) };
      });
    },
  };
}

/** Best id and its log-probability at each mask slot: both [sequences, slots]. */
function bestTokens(model: Model, call: ObjectiveCall): Map<string, tf.Tensor> {
  const { shape } = named<tf.Tensor2D>(call.batch, 'maskPositions');
  const logProbabilities = tf.logSoftmax(maskLogits(model, call));
  return new Map([
    ['bestIds', tf.reshape(tf.argMax(logProbabilities, 1), shape)],
    ['bestLogProbabilities', tf.reshape(tf.max(logProbabilities, 1), shape)],
  ]);
}

/**
 * As many slots for each sequence as the one with the most masks needs, rounded up so that batches with slightly
 * different numbers of masks share a shape. Empty slots read the sequence's first mask, or position, with weight 0.
 */
function collateMasks(
  instances: readonly FillInstance[],
  {
    shape,
    count,
    answer,
  }: { readonly shape: BatchShape; readonly count: number; readonly answer: (mask: number) => number },
): Map<string, HostTensor> {
  const most = Math.max(...instances.map(({ sequence }) => sequence.maskPositions.length));
  if (most === 0) throw new DatasetError('collate: no instance of the batch has a mask');
  const slots = slotCapacity(most);
  const positions = new Int32Array(instances.length * slots);
  const targets = new Int32Array(instances.length * slots);
  const weights = new Float32Array(instances.length * slots);
  instances.forEach((instance, row) => {
    const start = row * slots;
    const first = sequenceStart(instance.sequence, row, shape);
    const read = instance.sequence.maskPositions.map((mask) => first + answer(mask));
    positions.fill(read[0] ?? first, start, start + slots);
    read.forEach((position, mask) => {
      positions[start + mask] = position;
      if (shape.purpose === 'train') targets[start + mask] = targetOf(instance, mask);
    });
    if (row < count) weights.fill(1, start, start + instance.sequence.maskPositions.length);
  });
  const batch = collateSequences(
    instances.map(({ sequence }) => sequence),
    shape,
  ).set('maskPositions', hostTensor([instances.length, slots], positions));
  if (shape.purpose === 'evaluate') return batch;
  return batch
    .set('targets', hostTensor([targets.length], targets))
    .set('weights', hostTensor([weights.length], weights));
}

function targetOf({ targets }: FillInstance, mask: number): number {
  const target = targets?.[mask];
  if (target === undefined) throw new DatasetError('collate: a mask has no target; give one target id for each mask');
  return target;
}

/**
 * Fills masks one at a time, the most confident first: run the model, take the (mask, token) pair of the highest
 * probability, write the token in, repeat. Schick and Schütze 2021 ("It's Not Just Size That Matters"), section 3.2.
 *
 * Every pass reads all instances at all their masks, written or not, because a batch that keeps its shape needs no
 * new compilation; what it says about written masks is not used.
 *
 * @param predict  one pass: for each instance the best id (`filledIds`) and its log-probability (`scores`) per mask
 * @returns        ids in mask order, and the log-probability each had when it was written
 */
export async function greedyFill(
  instances: readonly FillInstance[],
  predict: (instances: readonly FillInstance[]) => Promise<readonly InstanceOutput[]>,
): Promise<InstanceOutput[]> {
  const fills = instances.map(startFill);
  while (fills.some(isOpen)) {
    const outputs = await predict(fills.map(({ instance }) => instance));
    fills.forEach((fill, index) => {
      if (isOpen(fill)) writeMostConfident(fill, outputs[index]!);
    });
  }
  return fills.map(({ scores, ids }) => ({ scores: scores.map((score) => score!), filledIds: ids.map((id) => id!) }));
}

/** Ids and scores by mask; undefined where nothing is written yet. */
interface Fill {
  instance: FillInstance;
  readonly ids: (number | undefined)[];
  readonly scores: (number | undefined)[];
}

function startFill({ sequence }: FillInstance): Fill {
  const empty = () => sequence.maskPositions.map(() => undefined);
  return { instance: { kind: 'fill', sequence }, ids: empty(), scores: empty() };
}

function isOpen({ ids }: Fill): boolean {
  return ids.includes(undefined);
}

/** Of equal probabilities the first mask wins. */
function writeMostConfident(fill: Fill, { scores, filledIds = [] }: InstanceOutput): void {
  const open = [...fill.ids.keys()].filter((mask) => fill.ids[mask] === undefined);
  const best = open.reduce((winner, mask) => (scores[mask]! > scores[winner]! ? mask : winner));
  fill.ids[best] = filledIds[best]!;
  fill.scores[best] = scores[best]!;
  const { sequence } = fill.instance;
  const inputIds = sequence.inputIds.with(sequence.maskPositions[best]!, filledIds[best]!);
  fill.instance = { kind: 'fill', sequence: { ...sequence, inputIds } };
}
