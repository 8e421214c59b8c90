import { z } from 'zod';
import { rteSlots } from '../template/lay-out-template.ts';
import { type Pattern, type Patterns, pattern } from '../template/pattern.ts';
import { withoutFinalPunctuation } from '../text.ts';
import { type LabelTaskSpec, labelTask, rowId } from './label-task.ts';

/** What CB and RTE share: a premise, a hypothesis and nearly the same patterns. */
export const entailmentHead: Pattern = pattern('{premise~} || {hypothesis~}');

/** @param words  yes-like words in label order; pattern 4 of PET has its own question and words */
export function entailmentPatterns(
  words: readonly string[],
  own: { readonly 'p-tuning': string; readonly 'pet-4': Pattern },
): Patterns {
  return {
    fewnlu: pattern('{premise~} [P] Question: {bareHypothesis~} ? [P] Answer: [M] .', { words, slots: rteSlots }),
    'p-tuning': pattern(own['p-tuning'], { words }),
    'pet-0': pattern('" {bareHypothesis~} " ? || [M] , " {premise~} "', { words }),
    'pet-1': pattern('{bareHypothesis~} ? || [M] , {premise~}', { words }),
    'pet-2': pattern('" {bareHypothesis~} " ? || [M] . " {premise~} "', { words }),
    'pet-3': pattern('{bareHypothesis~} ? || [M] . {premise~}', { words }),
    'pet-4': own['pet-4'],
  };
}

/** What rows of CB, RTE and the diagnostics have in common. */
interface EntailmentRow {
  readonly idx: number;
  readonly premise: string;
  readonly hypothesis: string;
  readonly label?: string | undefined;
}

/** One item per row, with its label's place among `labels`. */
export function entailmentItems(labels: readonly string[]) {
  return ({ idx, premise, hypothesis, label }: EntailmentRow) => [
    {
      id: String(idx),
      fields: { premise, hypothesis, bareHypothesis: withoutFinalPunctuation(hypothesis) },
      ...(label === undefined ? {} : { label: labels.indexOf(label) }),
    },
  ];
}

/** Labels of RTE and the diagnostics, in id order. */
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
  version: 2,
  directory: 'RTE',
  benchmark: 'superglue',
  schema: rteSchema,
});
