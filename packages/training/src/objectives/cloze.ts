import { ConfigError, DatasetError, intTensor } from '@attune/base';
import type { Model } from '@attune/core';
import * as tf from '@tensorflow/tfjs-core';
import { labelLoss } from './classification.ts';
import {
  collateSequences,
  exampleWeights,
  fillUp,
  ofKind,
  oneHotLabels,
  outputRows,
  sequenceStart,
} from './collate.ts';
import { maskLogits, type Objective, type ObjectiveCall } from './objective.ts';

/**
 * Where a language model answers for a position of a sequence: there, or at the position before when it predicts the
 * next token and sees nothing of the one that is asked for.
 *
 * @throws DatasetError for the first position of a causal model, which nothing comes before
 */
export function answerPosition({ languageModel }: Pick<Model, 'languageModel'>, position: number): number {
  if (languageModel !== 'causal') return position;
  if (position > 0) return position - 1;
  throw new DatasetError(
    'collate: a causal language model has no answer for the first position; put a token before the mask',
  );
}

/**
 * A cloze with one mask (PET, Schick and Schütze 2021, section 3.1). The score of a label is the mean of the raw
 * logits of its words at the mask; training is cross-entropy over the softmax of label scores. A causal model is asked
 * for the token after what comes before the mask, so the mask should end what there is to read (Liu et al. 2021, "GPT
 * Understands, Too").
 *
 * @param verbalizer  token ids of each label's words
 * @throws ConfigError when a label has no words or a word is outside the vocabulary
 */
export function clozeObjective(model: Model, verbalizer: readonly (readonly number[])[]): Objective {
  const words = checkedWords(verbalizer, model.vocabSize);
  // As many words as labels, each of which has one: the logits are the scores.
  const single = words.length === verbalizer.length && verbalizer.every((own) => own.length === 1);
  const scores = (call: ObjectiveCall): tf.Tensor2D => {
    const logits = maskLogits(model, call, words);
    if (single) return logits;
    return tf.matMul(logits, tf.tensor2d(wordAverages(verbalizer, words), [words.length, verbalizer.length]));
  };
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
      const answer = (masks: readonly number[]) => answerPosition(model, onlyMask(masks));
      const positions = instances.map(
        ({ sequence }, row) => sequenceStart(sequence, row, shape) + answer(sequence.maskPositions),
      );
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

/** The distinct words of all labels, in order of appearance: the only rows of the vocabulary that are read. */
function checkedWords(verbalizer: readonly (readonly number[])[], vocabSize: number): number[] {
  verbalizer.forEach((words, label) => {
    if (words.length === 0) throw new ConfigError(`cloze: label ${label} has no words; give each label at least one`);
    const outside = words.find((word) => !(Number.isInteger(word) && word >= 0 && word < vocabSize));
    if (outside !== undefined) {
      throw new ConfigError(`cloze: word id ${outside} of label ${label} is outside the vocabulary of ${vocabSize}`);
    }
  });
  return [...new Set(verbalizer.flat())];
}

/** [words, labels] with 1 / n at each of a label's n words: logits times this are the label scores. */
function wordAverages(verbalizer: readonly (readonly number[])[], words: readonly number[]): Float32Array {
  const averages = new Float32Array(words.length * verbalizer.length);
  verbalizer.forEach((own, label) => {
    for (const word of own) averages[words.indexOf(word) * verbalizer.length + label]! += 1 / own.length;
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
