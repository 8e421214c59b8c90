import { type EntailmentMaker, implicative, kin, kindOfThing, pronoun } from './entailments.ts';
import type { TaskRecipe } from './recipe.ts';

export interface RteRow {
  readonly premise: string;
  readonly hypothesis: string;
  readonly label: 'entailment' | 'not_entailment';
  /** Of AX-b; RTE's own rows have none. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Entailments of four kinds and how often each comes, in parts. */
const parts: readonly (readonly [EntailmentMaker, number])[] = [
  [implicative, 4],
  [kindOfThing, 2],
  [kin, 1],
  [(call) => pronoun(call), 1],
];
const makers = parts.flatMap(([maker, count]) => Array.from({ length: count }, () => maker));

/** Half implicatives, a quarter kinds of things, the rest kinship and pronouns. */
export const rte: TaskRecipe<RteRow> = {
  directory: 'RTE',
  answers: 2,
  sample: (call) => ({
    ...call.random.pick(makers)(call),
    label: call.answer === 0 ? 'entailment' : 'not_entailment',
  }),
  parts: (row) => [row.premise, row.hypothesis],
  tell: (row) =>
    `${row.premise} Question: ${row.hypothesis.slice(0, -1)}? Answer: ${row.label === 'entailment' ? 'yes' : 'no'}.`,
  finish: ({ premise, hypothesis, label }, ids) =>
    ids.withAnswers ? { premise, hypothesis, label, idx: ids.row } : { premise, hypothesis, idx: ids.row },
};
