import { z } from 'zod';
import { rteSlots } from '../template/lay-out-template.ts';
import { type Patterns, pattern } from '../template/pattern.ts';
import { withoutFinalPunctuation } from '../text.ts';
import { labelTask, rowId } from './label-task.ts';

const schema = z.object({ idx: rowId, question: z.string(), passage: z.string(), label: z.boolean().optional() });
type BoolqRow = z.infer<typeof schema>;

const labels = ['false', 'true'];
const NO_YES = { words: ['No', 'Yes'] };
const FALSE_TRUE = { words: ['false', 'true'] };

const QUESTION_LAST = '{passage~} . Question: {question~} ? Answer: [M] .';
const PREVIOUS = '{passage~} . Based on the previous passage, {question~} ? [M] .';
const FOLLOWING = 'Based on the following passage, {question~} ? [M] . {passage~}';

const patterns: Patterns = {
  fewnlu: pattern('{passage~} . [P] Question: {bareQuestion~} ? [P] Answer: [M] .', {
    ...FALSE_TRUE,
    slots: rteSlots,
  }),
  'p-tuning': pattern('{passage~} . [P] Question: {question~} ? Answer: [M] .', NO_YES),
  'pet-0': pattern(QUESTION_LAST, NO_YES),
  'pet-1': pattern(QUESTION_LAST, FALSE_TRUE),
  'pet-2': pattern(PREVIOUS, NO_YES),
  'pet-3': pattern(PREVIOUS, FALSE_TRUE),
  'pet-4': pattern(FOLLOWING, NO_YES),
  'pet-5': pattern(FOLLOWING, FALSE_TRUE),
};

const items = ({ idx, question, passage, label }: BoolqRow) => [
  {
    id: String(idx),
    fields: { question, bareQuestion: withoutFinalPunctuation(question), passage },
    ...(label === undefined ? {} : { label: Number(label) }),
  },
];

/** BoolQ (Clark et al. 2019): a yes/no question about a passage. */
export const boolq = labelTask<BoolqRow>({
  name: 'boolq',
  version: 2,
  directory: 'BoolQ',
  benchmark: 'superglue',
  labels,
  schema,
  items,
  head: pattern('{passage~} || {question~}'),
  patterns,
  exampleRow: {
    idx: 3,
    question: 'is the lamp in the barn',
    passage: 'Lamp -- The lamp hangs in the barn.',
    label: true,
  },
});
