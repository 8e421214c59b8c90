import * as tf from '@tensorflow/tfjs';
import type { Model } from '../contracts/model.ts';
import { ConfigError, DatasetError } from '../errors.ts';
import { intTensor } from '../tensor/host-tensor.ts';
import { labelLoss } from './classification.ts';
import { collateSequences, exampleWeights, fillUp, ofKind, oneHotLabels, outputRows } from './collate.ts';
import { maskLogits } from './forward.ts';
import type { Objective, ObjectiveCall } from './objective.ts';

/**
 * A cloze with one mask (PET, Schick and Schütze 2021, section 3.1). The score of a label is the mean of the raw
 * logits of its words at the mask; training is cross-entropy over the softmax of label scores.
 *
 * @param verbalizer  token ids of each label's words
 * @throws ConfigError when a label has no words or a word is outside the vocabulary
 */
export function clozeObjective(model: Model, verbalizer: readonly (readonly number[])[]): Objective {
  const selector = wordAverages(verbalizer, model.vocabSize);
  const scores = (call: ObjectiveCall): tf.Tensor2D =>
    tf.matMul(maskLogits(model, call), tf.tensor2d(selector, [model.vocabSize, verbalizer.length]));
  return {
    kind: 'cloze',
    parameters: [],
    unusedRoles: ['pooler', 'classifier'],
    collate(given, shape) {
      const instances = fillUp(ofKind(given, 'cloze'), shape.batchSize);
      const batch = collateSequences(
        instances.map(({ sequence }) => sequence),
        shape,
      );
      const positions = instances.map(({ sequence }, row) => row * shape.length + onlyMask(sequence.maskPositions));
      batch.set('maskPositions', intTensor([shape.batchSize, 1], positions));
      if (shape.purpose === 'evaluate') return batch;
      const labels = instances.map(({ label }) => label);
      return batch
        .set('labels', oneHotLabels(labels, verbalizer.length))
        .set('weights', exampleWeights(given.length, shape.batchSize));
    },
    loss: (call) => labelLoss(scores(call), call),
    outputs: (call) => new Map([['scores', scores(call)]]),
    read: (outputs, instances) => outputRows(outputs, 'scores', instances.length).map((row) => ({ scores: row })),
  };
}

/**
 * [vocabSize, numLabels] with 1 / words at a label's words: logits times this are the label scores. A product, not a
 * gather, because its gradient is a product too, where a gather's would scatter into the whole vocabulary.
 */
function wordAverages(verbalizer: readonly (readonly number[])[], vocabSize: number): Float32Array {
  const numLabels = verbalizer.length;
  const averages = new Float32Array(vocabSize * numLabels);
  verbalizer.forEach((words, label) => {
    if (words.length === 0) throw new ConfigError(`cloze: label ${label} has no words; give each label at least one`);
    for (const word of words) {
      if (!(Number.isInteger(word) && word >= 0 && word < vocabSize)) {
        throw new ConfigError(`cloze: word id ${word} of label ${label} is outside the vocabulary of ${vocabSize}`);
      }
      averages[word * numLabels + label]! += 1 / words.length;
    }
  });
  return averages;
}

function onlyMask(positions: readonly number[]): number {
  const [position] = positions;
  if (position === undefined || positions.length !== 1) {
    throw new DatasetError(`collate: a cloze has one mask, got ${positions.length}; use candidates or fill for more`);
  }
  return position;
}
