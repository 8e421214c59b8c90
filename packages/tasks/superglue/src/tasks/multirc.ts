import type { RowId } from '@attune/base';
import { z } from 'zod';
import { exactMatchByGroup, expectedF1, f1Answer } from '../metrics.ts';
import { multircSlots } from '../template/lay-out-template.ts';
import { type Patterns, pattern } from '../template/pattern.ts';
import { withoutFinalPunctuation } from '../text.ts';
import type { Item, LabelledItem } from './formulation-checks.ts';
import { labelTask, rowId } from './label-task.ts';

const answer = z.object({ idx: rowId, text: z.string(), label: z.literal([0, 1]).optional() });
const question = z.object({ idx: rowId, question: z.string(), answers: z.array(answer).min(1) });
const schema = z.object({
  idx: rowId,
  passage: z.object({ text: z.string(), questions: z.array(question).min(1) }),
});
type MultircRow = z.infer<typeof schema>;

const labels = ['0', '1'];
const NO_YES = { words: ['No', 'Yes'] };

const patterns: Patterns = {
  fewnlu: pattern('{passage~} . [P] Question: {bareQuestion~} ? [P] Is it {answer~} ? [P] [M] .', {
    ...NO_YES,
    slots: multircSlots,
  }),
  'p-tuning': pattern('{passage~} . Question: {question~} ? Is it {answer~} ? [P] [M] .', NO_YES),
  'pet-0': pattern('{passage~} . Question: {question~} ? Is it {answer~} ? [M] .', NO_YES),
  'pet-1': pattern('{passage~} . Question: {question~} ? Is the correct answer " {answer~} "? [M] .', NO_YES),
  'pet-2': pattern(
    '{passage~} . Based on the previous passage, {question~} ? Is " {answer~} " a correct answer? [M] .',
    NO_YES,
  ),
  'pet-3': pattern('{passage~} {question~} - [ [M] ] {answer~}', { words: ['False', 'True'] }),
};

function items({ idx, passage }: MultircRow): Item[] {
  return passage.questions.flatMap(({ idx: questionIdx, question: text, answers }, place) =>
    answers.map((candidate) => ({
      id: `${idx}-${questionIdx}-${candidate.idx}`,
      group: String(place),
      fields: {
        passage: passage.text,
        question: text,
        bareQuestion: withoutFinalPunctuation(text),
        answer: candidate.text,
      },
      ...(candidate.label === undefined ? {} : { label: candidate.label }),
    })),
  );
}

/** Official answers are nested like rows, so an id must differ from others of its passage or question. */
function ids({ idx, passage }: MultircRow): RowId[] {
  return [
    ['idx', idx],
    ...passage.questions.flatMap((own): RowId[] => [
      ['passage.questions.idx', `${idx}-${own.idx}`],
      ...own.answers.map((candidate): RowId => ['passage.questions.answers.idx', `${idx}-${own.idx}-${candidate.idx}`]),
    ]),
  ];
}

/** Exact: a question with n answers is guessed right with probability 2^-n. */
function expectedExactMatch(answers: readonly LabelledItem[]): number {
  const sizes = new Map<string, number>();
  for (const { group = '' } of answers) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const allRight = [...sizes.values()].map((size) => 2 ** -size);
  return allRight.reduce((sum, value) => sum + value, 0) / allRight.length;
}

/** MultiRC (Khashabi et al. 2018): which of several answers to a question about a passage are correct? */
export const multirc = labelTask<MultircRow>({
  name: 'multirc',
  version: 2,
  directory: 'MultiRC',
  benchmark: 'superglue',
  labels,
  schema,
  ids,
  items,
  head: pattern('{passage~} || {question~} [SEP] {answer~}'),
  patterns,
  exampleRow: {
    idx: 5,
    passage: {
      text: 'Ola sold the red boat. She kept the oars. ',
      questions: [
        {
          idx: 8,
          question: 'What did Ola keep?',
          answers: [
            { idx: 20, text: 'the oars', label: 1 },
            { idx: 21, text: 'the boat', label: 0 },
          ],
        },
      ],
    },
  },
  metrics: [
    {
      name: 'f1Answer',
      measure: ({ gold, predicted }) => f1Answer(gold, predicted),
      chance: (answers) => expectedF1(answers.filter(({ label }) => label === 1).length, answers.length, 1 / 2),
    },
    {
      name: 'exactMatch',
      measure: ({ gold, predicted, items: answers }) => {
        const groups = answers.map(({ group = '' }) => group);
        return exactMatchByGroup(gold, predicted, groups);
      },
      chance: expectedExactMatch,
    },
  ],
  // The benchmark's baseline says 1 although 0 is commoner: all 0 would have an F1a of 0.
  majorityLabel: 1,
});
