import { z } from 'zod';
import { rowId } from '../data/row-id.ts';
import { pattern } from '../template/pattern.ts';
import { entailmentHead, entailmentItems, entailmentPatterns } from './entailment-patterns.ts';
import { type LabelTaskSpec, labelTask } from './label-task.ts';

/** In id order; the diagnostics' too. */
export const rteLabels = ['entailment', 'not_entailment'] as const;
/** A row of RTE, and of AX-g. */
export const rteSchema = z.object({
  idx: rowId,
  premise: z.string(),
  hypothesis: z.string(),
  label: z.enum(rteLabels).optional(),
});
/** A row of RTE. */
export type RteRow = z.infer<typeof rteSchema>;

const patterns = entailmentPatterns(['Yes', 'No'], {
  'p-tuning': '{premise~} Question: {bareHypothesis~} ? [P] Answer: [M] .',
  'pet-4': pattern('{premise~} question: {hypothesis~} True or False? answer: [M]', { words: ['true', 'false'] }),
});

/** What RTE shares with the two diagnostics, whose rows are of its form. */
export const rteForm = {
  labels: rteLabels,
  items: entailmentItems(rteLabels),
  head: entailmentHead,
  patterns,
  exampleRow: {
    idx: 4,
    premise: 'Kai painted the old gate.',
    hypothesis: 'The gate was painted.',
    label: 'entailment',
  },
} satisfies Partial<LabelTaskSpec<RteRow>>;

/** Recognising textual entailment (PASCAL challenges 1, 2, 3 and 5): does the premise entail the hypothesis? */
export const rte = labelTask<RteRow>({
  ...rteForm,
  name: 'rte',
  version: 1,
  directory: 'RTE',
  benchmark: 'superglue',
  schema: rteSchema,
});
