import type { FormulateCall } from '@attune/core';
import { z } from 'zod';
import { rowId } from '../data/row-id.ts';
import { accuracy } from '../metrics/accuracy.ts';
import { pattern } from '../template/pattern.ts';
import { entailmentHead, entailmentItems, entailmentPatterns } from './entailment-patterns.ts';
import { formulateLabels } from './formulate-labels.ts';
import { labelTask } from './label-task.ts';

export const rteLabels = ['entailment', 'not_entailment'] as const;
export const rteSchema = z.object({
  idx: rowId,
  premise: z.string(),
  hypothesis: z.string(),
  label: z.enum(rteLabels).optional(),
});
export type RteRow = z.infer<typeof rteSchema>;

const items = entailmentItems(rteLabels);
export const rtePatterns = entailmentPatterns(['Yes', 'No'], {
  'p-tuning': '{premise~} Question: {bareHypothesis~} ? [P] Answer: [M] .',
  'pet-4': pattern('{premise~} question: {hypothesis~} True or False? answer: [M]', { words: ['true', 'false'] }),
});

/** What RTE shares with the two diagnostics, whose rows are of its form. */
export const rteForm = (name: string) => ({
  name,
  labels: rteLabels,
  items,
  formulate: (call: FormulateCall<RteRow>) =>
    formulateLabels({ name, labels: rteLabels, items, head: entailmentHead, patterns: rtePatterns }, call),
});

/** Recognising textual entailment (PASCAL challenges 1, 2, 3 and 5): does the premise entail the hypothesis? */
export const rte = labelTask<RteRow>({
  ...rteForm('rte'),
  version: 1,
  directory: 'RTE',
  metrics: ['accuracy'],
  schema: rteSchema,
  measure: ({ gold, predicted }) => ({ accuracy: accuracy(gold, predicted) }),
  chance: () => ({ accuracy: 1 / rteLabels.length }),
});
