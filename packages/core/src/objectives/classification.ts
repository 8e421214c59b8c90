import type * as tf from '@tensorflow/tfjs-core';
import type { Model } from '../contracts/model.ts';
import { collateSequences, exampleWeights, fillUp, ofKind, oneHotLabels, outputRows } from './collate.ts';
import { crossEntropy, weightedMean } from './cross-entropy.ts';
import { forwardCall, named } from './forward.ts';
import type { Objective, ObjectiveCall } from './objective.ts';

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
