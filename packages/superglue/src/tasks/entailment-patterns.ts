import { type Pattern, type Patterns, pattern } from '../template/pattern.ts';
import { rteSlots } from '../template/slot-tables.ts';
import { withoutFinalPunctuation } from '../text/punctuation.ts';

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
export interface EntailmentRow {
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
