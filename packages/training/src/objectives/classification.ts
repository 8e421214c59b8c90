import { DatasetError, type Tensors } from '@attune/base';
import { type ChoiceInstance, type Model, oneHot } from '@attune/core';
import * as tf from '@tensorflow/tfjs-core';
import { collateSequences, exampleWeights, fillUp, ofKind, oneHotLabels, outputRows } from './collate.ts';
import { forwardCall, named, type Objective, type ObjectiveCall } from './objective.ts';

/**
 * −log softmax(logits) at the target of each row.
 *
 * @param logits   [rows, classes]
 * @param targets  one-hot, [rows, classes]
 * @returns        [rows]
 */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  return tf.neg(targetLogProbabilities(logits, targets));
}

/** log softmax(logits) at the target of each row: [rows]. */
export function targetLogProbabilities(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  return tf.sum(tf.mul(tf.logSoftmax(logits), targets), 1);
}

/**
 * Σ weight · value / Σ weight. Rows of weight 0 leave no trace in value or gradient.
 *
 * @param values   [rows], finite everywhere
 * @param weights  [rows], not all 0
 */
export function weightedMean(values: tf.Tensor1D, weights: tf.Tensor1D): tf.Scalar {
  return tf.div(tf.sum(tf.mul(values, weights)), tf.sum(weights));
}

/** The batch's target ids as one-hot rows: [rows, classes]. */
export function oneHotTargets(batch: Tensors, classes: number): tf.Tensor2D {
  return oneHot(named(batch, 'targets'), classes) as tf.Tensor2D;
}

/**
 * The family's classification head over one sequence; softmax cross-entropy with the label.
 * Outputs: raw logits, one per label.
 */
export function classificationObjective(model: Model, numLabels: number): Objective {
  const head = model.sequenceHead('classification', numLabels);
  const logits = (call: ObjectiveCall) => head.logits(forwardCall(call));
  return {
    kind: 'classification',
    parameters: head.parameters,
    unusedRoles: head.unusedRoles,
    collate(given, shape) {
      const instances = fillUp(ofKind(given, 'classification'), shape.batchSize);
      const batch = collateSequences(
        instances.map(({ sequence }) => sequence),
        shape,
      );
      if (shape.purpose === 'evaluate') return batch;
      const labels = instances.map(({ label }) => label);
      return batch
        .set('labels', oneHotLabels(labels, numLabels))
        .set('weights', exampleWeights(given.length, shape.batchSize));
    },
    loss: (call) => labelLoss(logits(call), call),
    outputs: (call) => new Map([['scores', logits(call)]]),
    read: (outputs, instances) => outputRows(outputs, 'scores', instances.length).map((scores) => ({ scores })),
  };
}

/** Mean cross-entropy of label scores [batch, numLabels] with the batch's labels. */
export function labelLoss(scores: tf.Tensor2D, { batch }: ObjectiveCall): tf.Scalar {
  return weightedMean(crossEntropy(scores, named(batch, 'labels')), named(batch, 'weights'));
}

/**
 * A head with one logit over each of k sequences; softmax cross-entropy over the k logits of an example.
 * Outputs: the k raw logits.
 *
 * @param numChoices  k; taken from the instances when absent
 */
export function choiceObjective(model: Model, numChoices?: number): Objective {
  const head = model.sequenceHead('choice', 1);
  const logits = (call: ObjectiveCall): tf.Tensor2D => head.logits(forwardCall(call));
  return {
    kind: 'choice',
    parameters: head.parameters,
    unusedRoles: head.unusedRoles,
    collate(given, shape) {
      const instances = fillUp(ofKind(given, 'choice'), shape.batchSize);
      const k = choicesOf(instances, shape.purpose === 'train' ? numChoices : undefined);
      const batch = collateSequences(
        instances.flatMap(({ sequences }) => sequences),
        shape,
      );
      if (shape.purpose === 'evaluate') return batch;
      const labels = instances.map(({ label }) => label);
      return batch.set('labels', oneHotLabels(labels, k)).set('weights', exampleWeights(given.length, shape.batchSize));
    },
    loss(call) {
      const [batchSize, k] = named<tf.Tensor2D>(call.batch, 'labels').shape;
      return labelLoss(tf.reshape(logits(call), [batchSize, k]), call);
    },
    outputs: (call) => new Map([['scores', logits(call)]]),
    read(outputs, given) {
      const k = choicesOf(ofKind(given, 'choice'), undefined);
      const flat = outputRows(outputs, 'scores', given.length * k).flat();
      return given.map((_, index) => ({ scores: flat.slice(index * k, (index + 1) * k) }));
    },
  };
}

/** The number of choices all instances share. */
function choicesOf(instances: readonly ChoiceInstance[], expected: number | undefined): number {
  const k = expected ?? instances[0]?.sequences.length ?? 0;
  const other = instances.find(({ sequences }) => sequences.length !== k);
  if (k === 0 || other !== undefined) {
    throw new DatasetError(`collate: expected ${k} choices in each instance, got ${other?.sequences.length ?? 0}`);
  }
  return k;
}
