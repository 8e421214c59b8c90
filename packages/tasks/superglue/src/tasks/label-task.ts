import { DatasetError, parseRows, type RowId } from '@attune/base';
import type { FormulateCall, Formulated, InstanceOutput, Prediction, Task } from '@attune/core';
import { z } from 'zod';
import { choosePattern, type Pattern, type Patterns, verbalizerIds } from '../template/pattern.ts';
import { maskFollowsSpace, rendererOf } from '../template/render-template.ts';
import type { Item, LabelledItem } from './formulation-checks.ts';
import {
  type Answers,
  accuracyOf,
  chanceOf,
  checkedPredict,
  type LabelMetric,
  labelOf,
  scoresOf,
} from './formulation-checks.ts';
import { joinAnswers } from './join-answers.ts';

/** A row id: an integer, or one written as a string, as some copies of RTE-like files have it. */
export const rowId = z.preprocess(
  (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),
  z.int().min(0),
);

/** @throws DatasetError when no item has a label */
function labelledItems(task: string, items: readonly Item[]): LabelledItem[] {
  const labelled = items.filter((item): item is LabelledItem => item.label !== undefined);
  if (labelled.length === 0) {
    throw new DatasetError(`${task}: expected rows with labels, got ${items.length} without; use a labelled split`);
  }
  return labelled;
}

/** The commonest label, the first one on ties. */
function mostFrequentLabel(items: readonly LabelledItem[], numLabels: number): number {
  const counts = new Array<number>(numLabels).fill(0);
  for (const { label } of items) counts[label]! += 1;
  return counts.indexOf(Math.max(...counts));
}

/** One prediction per item: the label with the highest score, the first one on ties. */
export function predictLabels(
  items: readonly Item[],
  outputs: readonly InstanceOutput[],
  labels: readonly string[],
): Prediction[] {
  return items.map((item, index) => {
    const { scores } = outputs[index]!;
    return prediction(item, labels, labels[indexOfMax(scores)]!, scores);
  });
}

/** An answer to an item, with the right one where it is known. */
export function prediction(
  item: Item,
  labels: readonly string[],
  predicted: string,
  scores: readonly number[] = [],
): Prediction {
  return {
    id: item.id,
    predicted,
    ...(item.label === undefined ? {} : { gold: labels[item.label]! }),
    ...(scores.length === 0 ? {} : { scores: [...scores] }),
  };
}

/** Where the highest score is, the first one on ties. */
export function indexOfMax(scores: readonly number[]): number {
  return scores.reduce((best, score, index) => (score > scores[best]! ? index : best), 0);
}

/** How a task with fixed labels is posed. */
interface LabelFormulation<Row> {
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
function formulateLabels<Row>(spec: LabelFormulation<Row>, call: FormulateCall<Row>): Formulated<Row> {
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

/** A task of this package: its patterns are written in the template language. */
export interface PatternTask<Row = unknown> extends Task<Row> {
  readonly patterns: Patterns;
  /** The benchmark that it counts in: `superglue`, `superglue-diagnostics`, or another one, e.g. `glue`. */
  readonly benchmark: string;
}

/** A task's own formulation in place of that by head and patterns. */
interface OwnFormulation<Row> {
  readonly formulate: (call: FormulateCall<Row>) => Formulated<Row>;
}

/** What `labelTask` makes a task of. */
export type LabelTaskSpec<Row> = Omit<LabelFormulation<Row>, 'head'> &
  (Pick<LabelFormulation<Row>, 'head'> | OwnFormulation<Row>) &
  Pick<PatternTask<Row>, 'version' | 'directory' | 'exampleRow' | 'benchmark'> & {
    /** Of a row, as the task's files have it. */
    readonly schema: z.ZodType<Row>;
    /** Ids that no two rows of a file may share, and of what is in a row; those of its items when absent. */
    readonly ids?: (row: Row) => readonly RowId[];
    /** Accuracy when absent. */
    readonly metrics?: readonly LabelMetric[];
    /** The label that the majority baseline always gives; the most frequent training label when absent. */
    readonly majorityLabel?: number;
  };

/** Items belong together within their row alone, whatever the ids of others are. */
const groupedIn =
  (place: number) =>
  (item: Item): Item =>
    item.group === undefined ? item : { ...item, group: `${place} ${item.group}` };

/** A task whose answers come from a fixed set of labels. */
export function labelTask<Row>(spec: LabelTaskSpec<Row>): PatternTask<Row> {
  const { name, labels, metrics: measured = [accuracyOf(labels.length)] } = spec;
  const itemsOf = (rows: readonly Row[]) => rows.flatMap((row, place) => spec.items(row).map(groupedIn(place)));
  const idsOf = spec.ids ?? ((row: Row) => spec.items(row).map(({ id }): RowId => ['idx', id]));
  const answersOf = (rows: readonly Row[], predictions: readonly Prediction[]): Answers => {
    const all = itemsOf(rows);
    const ids = all.map(({ id }) => id);
    const answers = new Map(joinAnswers(name, ids, predictions).map((answer, place) => [all[place], answer]));
    const items = labelledItems(name, all);
    return {
      items,
      gold: items.map((item) => labels[item.label]!),
      predicted: items.map((item) => answers.get(item)),
    };
  };
  const metrics = measured.map((metric) => ({
    name: metric.name,
    measure: (rows: readonly Row[], predictions: readonly Prediction[]) => metric.measure(answersOf(rows, predictions)),
  }));
  const score = (rows: readonly Row[], predictions: readonly Prediction[]) => scoresOf(metrics, rows, predictions);
  const { version, directory, exampleRow, benchmark, patterns } = spec;
  return {
    ...{ name, version, directory, exampleRow, benchmark, patterns, metrics, score },
    formulations: ['head', 'cloze'],
    parseRows: (bytes, file) => parseRows(bytes, file, spec.schema, idsOf),
    formulate: 'formulate' in spec ? spec.formulate : (call) => formulateLabels(spec, call),
    majority: (trainRows, rows) => {
      const label = spec.majorityLabel ?? mostFrequentLabel(labelledItems(name, itemsOf(trainRows)), labels.length);
      const predicted = labels[label]!;
      return score(
        rows,
        itemsOf(rows).map(({ id }) => ({ id, predicted })),
      );
    },
    chance: (rows) => chanceOf(measured, labelledItems(name, itemsOf(rows))),
  };
}
