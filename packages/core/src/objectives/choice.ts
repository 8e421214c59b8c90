import * as tf from '@tensorflow/tfjs-core';
import type { ChoiceInstance } from '../contracts/instance.ts';
import type { Model } from '../contracts/model.ts';
import { DatasetError } from '../errors.ts';
import { labelLoss } from './classification.ts';
import { collateSequences, exampleWeights, fillUp, ofKind, oneHotLabels, outputRows } from './collate.ts';
import { forwardCall, named } from './forward.ts';
import type { Objective, ObjectiveCall } from './objective.ts';

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
