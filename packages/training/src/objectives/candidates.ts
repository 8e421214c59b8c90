import { DatasetError, type HostTensor, hostTensor, ShapeError } from '@attune/base';
import type { CandidatesInstance, EncodedSequence, Model } from '@attune/core';
import * as tf from '@tensorflow/tfjs-core';
import { oneHotTargets, targetLogProbabilities } from './classification.ts';
import { answerPosition } from './cloze.ts';
import { collateSequences, fillUp, ofKind, oneHotLabels, outputData, sequenceStart } from './collate.ts';
import { type BatchShape, maskLogits, named, type Objective, type ObjectiveCall, slotCapacity } from './objective.ts';

/**
 * Candidates spelled out at masks. A candidate's cross-entropy CE is the mean over its mask tokens of −log p(token);
 * training minimises, for each example, Σ over wrong candidates of max(0, 1 + CE(right) − CE(wrong)), averaged over
 * the examples. Schick and Schütze 2021 ("It's Not Just Size That Matters"), section 3.1; their code takes the hinge
 * of batch means instead, the hinge of each example is the paper's.
 *
 * Score of a candidate: Σ over its masks of log p(token), all masks read in one pass. That is the parallel option of
 * the authors' code; their default fills one mask at a time and runs the model once for each. A causal model reads the
 * candidate's own tokens at the masks, and is asked for each after those before it.
 *
 * @param numCandidates  to how many candidates each training group is padded; by the largest of a batch when absent
 */
export function candidatesObjective(model: Model, numCandidates?: number): Objective {
  return {
    kind: 'candidates',
    parameters: [],
    unusedRoles: ['pooler', 'classifier'],
    collate(given, shape) {
      const instances = fillUp(ofKind(given, 'candidates'), shape.batchSize);
      if (shape.purpose === 'evaluate') return collateGroups(model, instances, shape);
      const size = numCandidates ?? slotCapacity(Math.max(...instances.map(({ sequences }) => sequences.length)));
      const padded = instances.map((instance) => padGroup(instance, size));
      const labels = instances.map(({ label }) => label);
      return collateGroups(model, padded, shape)
        .set('labels', oneHotLabels(labels, size))
        .set('wrongWeights', wrongWeights({ instances, count: given.length, size }));
    },
    loss: (call) => hingeLoss(tokenLogProbabilities(model, call), call),
    outputs: (call) =>
      new Map([['scores', tf.sum(tf.mul(tokenLogProbabilities(model, call), named(call.batch, 'tokenMask')), 1)]]),
    read(outputs, given) {
      const scores = outputData(outputs, 'scores');
      let start = 0;
      return ofKind(given, 'candidates').map(({ sequences }) => {
        const end = start + sequences.length;
        const own = Array.from(scores.subarray(start, end));
        start = end;
        return { scores: own };
      });
    },
  };
}

/** log p(target) at each mask slot: [sequences, slots]. */
function tokenLogProbabilities(model: Model, call: ObjectiveCall): tf.Tensor2D {
  const targets = oneHotTargets(call.batch, model.vocabSize);
  const logProbabilities = targetLogProbabilities(maskLogits(model, call), targets);
  return tf.reshape(logProbabilities, named<tf.Tensor2D>(call.batch, 'tokenMask').shape);
}

/** @param logProbabilities  [batch · candidates, slots] */
function hingeLoss(logProbabilities: tf.Tensor2D, { batch }: ObjectiveCall): tf.Scalar {
  const tokenMask = named<tf.Tensor2D>(batch, 'tokenMask');
  const right = named<tf.Tensor2D>(batch, 'labels');
  const summed = tf.neg(tf.sum(tf.mul(logProbabilities, tokenMask), 1));
  // [batch, candidates]
  const entropies = tf.reshape(tf.div(summed, tf.sum(tokenMask, 1)), right.shape);
  const entropyOfRight = tf.sum(tf.mul(entropies, right), 1, true);
  const hinges = tf.relu(tf.add(tf.sub(entropyOfRight, entropies), 1));
  // The weights of an example's wrong candidates are 1 / examples, so the sum is a mean over examples.
  return tf.sum(tf.mul(hinges, named(batch, 'wrongWeights')));
}

function collateGroups(
  model: Model,
  instances: readonly CandidatesInstance[],
  shape: BatchShape,
): Map<string, HostTensor> {
  const rows = instances.flatMap(({ sequences, targets }) =>
    sequences.map((sequence, candidate) => ({ sequence, targets: checkedTargets(sequence, targets[candidate]) })),
  );
  const slots = slotCapacity(Math.max(...rows.map(({ targets }) => targets.length)));
  const positions = new Int32Array(rows.length * slots);
  const ids = new Int32Array(rows.length * slots);
  const tokenMask = new Float32Array(rows.length * slots);
  rows.forEach(({ sequence, targets }, row) => {
    const start = sequenceStart(sequence, row, shape);
    for (let slot = 0; slot < slots; slot++) {
      // An empty slot reads the first mask again, with weight 0.
      const mask = slot < targets.length ? slot : 0;
      positions[row * slots + slot] = start + answerPosition(model, sequence.maskPositions[mask]!);
      ids[row * slots + slot] = targets[mask]!;
      tokenMask[row * slots + slot] = slot < targets.length ? 1 : 0;
    }
  });
  const read = model.languageModel === 'causal' ? spelledOut : ({ sequence }: SpelledSequence) => sequence;
  return collateSequences(rows.map(read), shape)
    .set('maskPositions', hostTensor([rows.length, slots], positions))
    .set('targets', hostTensor([ids.length], ids))
    .set('tokenMask', hostTensor([rows.length, slots], tokenMask));
}

interface SpelledSequence {
  readonly sequence: EncodedSequence;
  readonly targets: readonly number[];
}

/** With the candidate's tokens at its masks: a causal model is asked for each one after those before it. */
function spelledOut({ sequence, targets }: SpelledSequence): EncodedSequence {
  const inputIds = [...sequence.inputIds];
  sequence.maskPositions.forEach((position, mask) => {
    inputIds[position] = targets[mask]!;
  });
  return { ...sequence, inputIds };
}

function checkedTargets(sequence: EncodedSequence, targets: readonly number[] | undefined): readonly number[] {
  if (targets === undefined || targets.length === 0 || targets.length !== sequence.maskPositions.length) {
    throw new DatasetError(
      `collate: a candidate of ${targets?.length ?? 0} tokens came with ${sequence.maskPositions.length} masks; ` +
        'give each candidate one mask per token, and at least one',
    );
  }
  return targets;
}

/** Copies of the first candidate up to `size`; `wrongWeights` leaves them out. */
function padGroup(instance: CandidatesInstance, size: number): CandidatesInstance {
  const { sequences, targets } = instance;
  if (sequences.length > size) {
    throw new ShapeError(`collate: an instance has ${sequences.length} candidates, the objective was made for ${size}`);
  }
  return { ...instance, sequences: fillUp(sequences, size), targets: fillUp(targets, size) };
}

/** 1 / examples at the wrong candidates of real examples, else 0: [batch, size]. */
function wrongWeights(call: {
  readonly instances: readonly CandidatesInstance[];
  readonly count: number;
  readonly size: number;
}): HostTensor {
  const weights = new Float32Array(call.instances.length * call.size);
  call.instances.slice(0, call.count).forEach(({ sequences, label }, row) => {
    for (let candidate = 0; candidate < sequences.length; candidate++) {
      if (candidate !== label) weights[row * call.size + candidate] = 1 / call.count;
    }
  });
  return hostTensor([call.instances.length, call.size], weights);
}
