import { describe, expect, it } from 'vitest';
import { accuracyOfChoiceModel, type Decision } from '../test/baselines/choice-model.ts';
import { bagOfWords, entityChoice, examplesOf } from '../test/baselines/decisions.ts';
import { diagnostics, rowsOf, tasks } from '../test/files.ts';
import { labelsOf } from '../test/labels.ts';

/** A baseline may be this far above chance: three standard deviations of 400 answers at one half. */
const margin = 0.08;

/** Where a baseline learns and where it is tried; the diagnostics come without training rows, so RTE lends its own. */
const pairs = [
  ...tasks.map((task) => [task, `${task}/train.jsonl`, `${task}/val.jsonl`] as const),
  ...diagnostics.map((task) => [task, 'RTE/train.jsonl', `${task}/${task}.jsonl`] as const),
];

describe.each(pairs)('%s', (task, trainFile, testFile) => {
  const [train, test] = [rowsOf(trainFile), rowsOf(testFile)];
  const labels = [...new Set(train.flatMap((row) => labelsOf(trainTask(trainFile), row)))].sort();
  const chance = 1 / labels.length;

  it('is not answered by the most frequent answer', () => {
    const gold = test.flatMap((row) => labelsOf(task, row));
    const counts = labels.map((label) => gold.filter((own) => own === label).length);
    expect(Math.max(...counts) / gold.length - chance).toBeLessThan(margin);
  });

  it.skipIf(task === 'ReCoRD')('is not answered by words, of all parts or of one', () => {
    const trainExamples = train.flatMap((row) => examplesOf(trainTask(trainFile), row));
    const testExamples = test.flatMap((row) => examplesOf(task, row));
    const parts = Object.keys(trainExamples[0]!.parts);
    for (const chosen of [parts, ...parts.map((part) => [part])]) {
      const decide = (examples: typeof trainExamples): Decision[] =>
        examples.map((example) => bagOfWords(example, chosen, labels));
      const accuracy = accuracyOfChoiceModel(decide(trainExamples), decide(testExamples));
      expect.soft(accuracy - chance, chosen.join(', ')).toBeLessThan(margin);
    }
  });

  it.runIf(task === 'ReCoRD')('is not answered by names or places of entities', () => {
    const accuracy = accuracyOfChoiceModel(train.map(entityChoice), test.map(entityChoice));
    expect(accuracy - chance).toBeLessThan(margin);
  });
});

const trainTask = (file: string): string => file.split('/')[0]!;
