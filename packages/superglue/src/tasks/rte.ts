import { z } from 'zod';
import { rowId } from '../data/row-id.ts';
import { accuracy } from '../metrics/accuracy.ts';
import { pattern } from '../template/pattern.ts';
import { entailmentHead, entailmentItems, entailmentPatterns } from './entailment-patterns.ts';
import { formulateLabels } from './formulate-labels.ts';
import { labelTask } from './label-task.ts';

const labels = ['entailment', 'not_entailment'] as const;
const schema = z.object({
  idx: rowId,
  premise: z.string(),
  hypothesis: z.string(),
  label: z.enum(labels).optional(),
});
export type RteRow = z.infer<typeof schema>;

const items = entailmentItems(labels);
export const rtePatterns = entailmentPatterns(['Yes', 'No'], {
  'p-tuning': '{premise~} Question: {bareHypothesis~} ? [P] Answer: [M] .',
  'pet-4': pattern('{premise~} question: {hypothesis~} True or False? answer: [M]', { words: ['true', 'false'] }),
});

/** Recognising textual entailment (PASCAL challenges 1, 2, 3 and 5): does the premise entail the hypothesis? */
export const rte = labelTask<RteRow>({
  name: 'rte',
  version: 1,
  directory: 'RTE',
  metrics: ['accuracy'],
  labels,
  schema,
  items,
  formulate: (call) =>
    formulateLabels({ name: 'rte', labels, items, head: entailmentHead, patterns: rtePatterns }, call),
  measure: ({ gold, predicted }) => ({ accuracy: accuracy(gold, predicted) }),
  chance: () => ({ accuracy: 1 / labels.length }),
});
