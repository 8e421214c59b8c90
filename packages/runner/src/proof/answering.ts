import { type RandomSource, randomSource } from '@attune/base';
import type { Instance, InstanceOutput, Prediction, Task } from '@attune/core';
import type { PreparedSplit } from '../trial/prepare-trial.ts';
import { taskScores } from '../trial/train-trial.ts';

/** Every so many outputs have equal scores, so that an answer to a tie shows. */
const tieEvery = 8;

/** What a task makes of outputs that no model computed: the same ones always, for a split of the same instances. */
export function answerFixedOutputs(
  task: Task,
  { rows, formulated }: PreparedSplit,
): { readonly predictions: readonly Prediction[]; readonly scores: Readonly<Record<string, number>> } {
  const random = randomSource(0).fork('answering');
  const outputs = formulated.instances.map((instance, index) =>
    fixedOutput(instance, {
      random: random.fork(index),
      numLabels: formulated.labels.length,
      tie: index % tieEvery === 0,
    }),
  );
  const predictions = formulated.predict(rows, outputs);
  return { predictions, scores: taskScores(task, rows, predictions) };
}

/** Predictions and scores as text, in order. */
export function* answerTexts({ predictions, scores }: ReturnType<typeof answerFixedOutputs>): Generator<string, void> {
  for (const { id, predicted, gold, scores: own } of predictions) {
    yield JSON.stringify([id, predicted, gold ?? null, own ?? null]);
  }
  for (const name of Object.keys(scores).sort()) yield JSON.stringify([name, scores[name]]);
}

interface Drawing {
  readonly random: RandomSource;
  readonly numLabels: number;
  readonly tie: boolean;
}

function fixedOutput(instance: Instance, { random, numLabels, tie }: Drawing): InstanceOutput {
  const draw = (count: number) => Array.from({ length: count }, () => (tie ? 0 : random.normal()));
  switch (instance.kind) {
    case 'classification':
    case 'cloze':
      return { scores: draw(numLabels) };
    case 'choice':
    case 'candidates':
      return { scores: draw(instance.sequences.length) };
    case 'fill': {
      // A piece of the text itself: words drawn from the vocabulary would never be the right ones.
      const { inputIds, maskPositions } = instance.sequence;
      const start = random.integer(inputIds.length);
      return {
        scores: draw(maskPositions.length),
        filledIds: maskPositions.map((_, mask) => inputIds[(start + mask) % inputIds.length]!),
      };
    }
    default:
      return instance satisfies never;
  }
}
