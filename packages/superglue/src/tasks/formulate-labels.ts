import type { FormulateCall, Formulated } from '@attune/core';
import { maskFollowsSpace } from '../template/mask-follows-space.ts';
import { choosePattern, type Pattern, type Patterns } from '../template/pattern.ts';
import { rendererOf } from '../template/renderer.ts';
import { verbalizerIds } from '../template/verbalizer-ids.ts';
import { checkedPredict, labelOf } from './formulation-checks.ts';
import type { Item } from './item.ts';
import { predictLabels } from './predict-labels.ts';

/** How a task with fixed labels is posed. */
export interface LabelFormulation<Row> {
  /** The task's, for messages. */
  readonly name: string;
  /** In id order. */
  readonly labels: readonly string[];
  /** What a row asks: one item, or several (MultiRC's answers). */
  readonly items: (row: Row) => readonly Item[];
  /** Segments for a classification head. */
  readonly head: Pattern;
  /** Ways to write it as a cloze by name, the default first. */
  readonly patterns: Patterns;
}

/** One instance per item: a classification over its segments, or a cloze whose words are the labels. */
export function formulateLabels<Row>(spec: LabelFormulation<Row>, call: FormulateCall<Row>): Formulated<Row> {
  return call.formulation === 'head' ? classify(spec, call) : fillIn(spec, call);
}

/** Instances for a classification head. */
export function classify<Row>(
  { name, labels, items, head }: Omit<LabelFormulation<Row>, 'patterns'>,
  call: FormulateCall<Row>,
): Formulated<Row> {
  const render = rendererOf(call, head);
  return checkedPredict(name, {
    kind: 'classification',
    labels,
    instances: call.rows.flatMap(items).map((item) => ({
      kind: 'classification',
      sequence: render(item.fields),
      ...labelOf(name, item, call.purpose),
    })),
    predict: (rows, outputs) => predictLabels(rows.flatMap(items), outputs, labels),
  });
}

function fillIn<Row>(spec: LabelFormulation<Row>, call: FormulateCall<Row>): Formulated<Row> {
  const { name, labels, items } = spec;
  const chosen = choosePattern(name, spec.patterns, call);
  const render = rendererOf(call, chosen.pattern);
  return checkedPredict(name, {
    kind: 'cloze',
    labels,
    verbalizer: verbalizerIds(chosen.pattern.words ?? [], call.tokenizer, {
      where: `${name}: pattern "${chosen.name}"`,
      afterSpace: maskFollowsSpace(chosen.pattern.template, call.tokenizer),
    }),
    instances: call.rows.flatMap(items).map((item) => ({
      kind: 'cloze',
      sequence: render(item.fields),
      ...labelOf(name, item, call.purpose),
    })),
    predict: (rows, outputs) => predictLabels(rows.flatMap(items), outputs, labels),
  });
}
