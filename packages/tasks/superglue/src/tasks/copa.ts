import type { ChoiceInstance, FormulateCall, Formulated } from '@attune/core';
import { z } from 'zod';
import { copaSlots } from '../template/lay-out-template.ts';
import { choosePattern, type Pattern, type Patterns, pattern } from '../template/pattern.ts';
import { rendererOf } from '../template/render-template.ts';
import { lowerFirst, withoutFinalPunctuation } from '../text.ts';
import type { Item } from './formulation-checks.ts';
import { candidateIds, checkedPredict, labelOf, predictsNothing } from './formulation-checks.ts';
import { labelTask, predictLabels, rowId } from './label-task.ts';

const schema = z.object({
  idx: rowId,
  premise: z.string(),
  choice1: z.string(),
  choice2: z.string(),
  question: z.enum(['cause', 'effect']),
  label: z.literal([0, 1]).optional(),
});
/** A row of COPA. */
export type CopaRow = z.infer<typeof schema>;

const labels = ['0', '1'];

const patterns: Patterns = {
  fewnlu: pattern('" {choice1~} " or " {choice2~} "? [P] {premise~} {joiner} [P] [M*] .', { slots: copaSlots }),
  'p-tuning': pattern('{choice1~} or {choice2~} ? {premise~} {connective} [P] [M*] .'),
  'pet-0': pattern('" {choice1~} " or " {choice2~} "? {premise~} {joiner} [M*] .'),
  'pet-1': pattern('{choice1~} or {choice2~} ? {premise~} {joiner} [M*] .'),
};

/** The premise runs on into a choice: "... because" for a cause, "... so" for an effect. */
const head: Pattern = pattern('{premise~} {connective} || {choice~}');

function items(row: CopaRow): [Item & { readonly fields: Readonly<Record<'choice1' | 'choice2', string>> }] {
  const connective = row.question === 'cause' ? 'because' : 'so';
  return [
    {
      id: String(row.idx),
      fields: {
        premise: withoutFinalPunctuation(row.premise),
        choice1: lowerFirst(withoutFinalPunctuation(row.choice1)),
        choice2: lowerFirst(withoutFinalPunctuation(row.choice2)),
        connective,
        joiner: row.question === 'cause' ? connective : `, ${connective}`,
      },
      ...(row.label === undefined ? {} : { label: row.label }),
    },
  ];
}

/** The same question with its choices swapped. */
function mirrored(row: CopaRow): CopaRow {
  return {
    ...row,
    choice1: row.choice2,
    choice2: row.choice1,
    ...(row.label === undefined ? {} : { label: row.label === 0 ? 1 : 0 }),
  };
}

/** Training rows count twice, as in PET: once as they are, once with the choices swapped. */
function rowsOf({ rows, purpose }: FormulateCall<CopaRow>): readonly CopaRow[] {
  return purpose === 'train' ? rows.flatMap((row) => [row, mirrored(row)]) : rows;
}

function formulate(call: FormulateCall<CopaRow>): Formulated<CopaRow> {
  const instances = call.formulation === 'head' ? choose(call) : spellOut(call);
  return checkedPredict('copa', {
    kind: call.formulation === 'head' ? 'choice' : 'candidates',
    labels: call.formulation === 'head' ? labels : [],
    instances,
    predict: (rows, outputs) =>
      call.purpose === 'train' ? predictsNothing('copa') : predictLabels(rows.flatMap(items), outputs, labels),
  });
}

function choose(call: FormulateCall<CopaRow>): ChoiceInstance[] {
  const render = rendererOf(call, head);
  return rowsOf(call).map((row) => {
    const [item] = items(row);
    const { choice1, choice2 } = item.fields;
    return {
      kind: 'choice',
      sequences: [choice1, choice2].map((choice) => render({ ...item.fields, choice })),
      ...labelOf('copa', item, call.purpose),
    };
  });
}

function spellOut(call: FormulateCall<CopaRow>): Formulated<CopaRow>['instances'] {
  const chosen = choosePattern('copa', patterns, call).pattern;
  const render = rendererOf(call, chosen);
  return rowsOf(call).map((row) => {
    const [item] = items(row);
    const targets = [item.fields.choice1, item.fields.choice2].map((choice) =>
      candidateIds(choice, call.tokenizer, chosen.template),
    );
    return {
      kind: 'candidates',
      sequences: targets.map((target) => render(item.fields, target.length)),
      targets,
      ...labelOf('copa', item, call.purpose),
    };
  });
}

/** COPA (Roemmele et al. 2011): which of two sentences is the likelier cause or effect of a premise? */
export const copa = labelTask<CopaRow>({
  name: 'copa',
  version: 2,
  directory: 'COPA',
  benchmark: 'superglue',
  labels,
  schema,
  items,
  patterns,
  formulate,
  exampleRow: {
    idx: 2,
    premise: 'The bread burnt.',
    choice1: 'Tom forgot the oven.',
    choice2: 'Tom bought butter.',
    question: 'cause',
    label: 0,
  },
});
