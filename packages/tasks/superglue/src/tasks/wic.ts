import { z } from 'zod';
import { wicSlots } from '../template/lay-out-template.ts';
import { type Patterns, pattern } from '../template/pattern.ts';
import { codePointLength, codePointSlice } from '../text.ts';
import { labelTask, rowId } from './label-task.ts';

const offset = z.int().min(0);
const schema = z
  .object({
    idx: rowId,
    word: z.string(),
    sentence1: z.string(),
    sentence2: z.string(),
    /** Offsets in code points, ends exclusive. */
    start1: offset,
    end1: offset,
    start2: offset,
    end2: offset,
    label: z.boolean().optional(),
  })
  .superRefine((row, context) => {
    const spans = [
      ['end1', row.sentence1, row.start1, row.end1],
      ['end2', row.sentence2, row.start2, row.end2],
    ] as const;
    for (const [field, sentence, start, end] of spans) {
      const length = codePointLength(sentence);
      if (start < end && end <= length) continue;
      const message = `an offset after ${start} and at most ${length}, the end of the sentence`;
      context.addIssue({ code: 'custom', path: [field], message });
    }
  });
/** A row of WiC. */
export type WicRow = z.infer<typeof schema>;

const labels = ['false', 'true'];
const NO_YES = { words: ['No', 'Yes'] };
const SENSES = { words: ['2', 'b'] };

const patterns: Patterns = {
  fewnlu: pattern('{word} . Sense (1) (a) " {sentence1~} " ( [P] [M] [P] ) " {sentence2~} "', {
    ...SENSES,
    slots: wicSlots,
  }),
  'p-tuning': pattern('{sentence1~} [SEP] {sentence2~} [P] * {word} *? [M]', NO_YES),
  'pet-0': pattern('" {sentence1~} " / " {sentence2~} " Similar sense of " {word} "? [M] .', NO_YES),
  'pet-1': pattern('{sentence1~} {sentence2~} Does {word} have the same meaning in both sentences? [M]', NO_YES),
  'pet-2': pattern('{word} . Sense (1) (a) " {sentence1~} " ( [M] ) " {sentence2~} "', SENSES),
};

const items = ({ idx, word, sentence1, sentence2, label }: WicRow) => [
  {
    id: String(idx),
    fields: { word, sentence1, sentence2 },
    ...(label === undefined ? {} : { label: Number(label) }),
  },
];

/** The two marked words as they stand in their sentences. */
export function markedWords(row: WicRow): readonly [string, string] {
  return [codePointSlice(row.sentence1, row.start1, row.end1), codePointSlice(row.sentence2, row.start2, row.end2)];
}

/** Word in Context (Pilehvar and Camacho-Collados 2019): does a word have the same sense in two sentences? */
export const wic = labelTask<WicRow>({
  name: 'wic',
  version: 2,
  directory: 'WiC',
  benchmark: 'superglue',
  labels,
  schema,
  items,
  head: pattern('{word} : {sentence1~} || {sentence2~}'),
  patterns,
  exampleRow: {
    idx: 6,
    word: 'bank',
    sentence1: 'They sat on the bank.',
    start1: 16,
    end1: 20,
    sentence2: 'Banks lend money.',
    start2: 0,
    end2: 5,
    label: false,
  },
});
