import { wscSlots } from '../template/lay-out-template.ts';
import { type Pattern, type Patterns, pattern } from '../template/pattern.ts';
import { classify, labelTask } from './label-task.ts';
import { formulateFill, type WscRow, wscFields, wscSchema } from './wsc-fill.ts';

const labels = ['false', 'true'];

const QUESTION = "Question: In the passage above, what does the pronoun ' * {pronoun} * ' refer to?";
const patterns: Patterns = {
  fewnlu: pattern(`{text~} [P] ${QUESTION} [P] Answer: [M*] .`, { slots: wscSlots }),
  'p-tuning': pattern("{text~} [P] pronoun '* {pronoun} *' refers to [M*] ."),
  'p-tuning-2': pattern("[P] {text~} [P] pronoun '* {pronoun} *' refers to [M*] ."),
  'pet-0': pattern("{text~} The pronoun '* {pronoun} *' refers to [M*] ."),
  'pet-1': pattern("{text~} In the previous sentence, the pronoun '* {pronoun} *' refers to [M*] ."),
  'pet-2': pattern(`{text~} ${QUESTION} Answer: [M*] .`),
};

const head: Pattern = pattern('{text~} || {span}');

const items = (row: WscRow) => [
  { id: String(row.idx), fields: wscFields(row), ...(row.label === undefined ? {} : { label: Number(row.label) }) },
];

/** Winograd schemas (Levesque et al. 2011): does a pronoun refer to a noun phrase? */
export const wsc = labelTask<WscRow>({
  name: 'wsc',
  version: 2,
  directory: 'WSC',
  benchmark: 'superglue',
  labels,
  schema: wscSchema,
  items,
  patterns,
  exampleRow: {
    idx: 7,
    text: 'Nils thanked the baker because she had helped.',
    target: { span1_text: 'The baker', span1_index: 2, span2_text: 'she', span2_index: 5 },
    label: true,
  },
  formulate: (call) =>
    call.formulation === 'head'
      ? classify({ name: 'wsc', labels, items, head }, call)
      : formulateFill({ labels, items, patterns }, call),
});
