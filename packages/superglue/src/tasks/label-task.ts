import {
  DatasetError,
  type FormulateCall,
  type Formulated,
  type InstanceOutput,
  type Prediction,
  readRows,
  type Task,
} from '@attune/core';
import type { z } from 'zod';

/** What is answered once: a row, or one answer of a MultiRC row. */
export interface Item {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Absent in test files. */
  readonly label?: number;
  /** Items that are right only together (the answers of one question). */
  readonly group?: string;
}

export interface LabelledItem extends Item {
  readonly label: number;
}

export interface Answers {
  readonly gold: readonly string[];
  readonly predicted: readonly (string | undefined)[];
  readonly items: readonly LabelledItem[];
}

export interface LabelTaskSpec<Row> {
  readonly name: string;
  readonly version: number;
  readonly directory: string;
  readonly metrics: readonly string[];
  /** Label names in id order. */
  readonly labels: readonly string[];
  readonly schema: z.ZodType<Row>;
  readonly items: (row: Row) => readonly Item[];
  readonly formulate: (call: FormulateCall<Row>) => Formulated<Row>;
  readonly measure: (answers: Answers) => Readonly<Record<string, number>>;
  /** Exact expectation of the metrics when every label is equally likely for every item. */
  readonly chance: (items: readonly LabelledItem[]) => Readonly<Record<string, number>>;
  /** The label that the majority baseline always gives; the most frequent training label when absent. */
  readonly majorityLabel?: number;
}

/** A task whose answers come from a fixed set of labels. */
export function labelTask<Row>(spec: LabelTaskSpec<Row>): Task<Row> {
  const { name, version, directory, metrics, labels, formulate } = spec;
  const itemsOf = (rows: readonly Row[]) => rows.flatMap(spec.items);
  const score = (rows: readonly Row[], predictions: readonly Prediction[]) => {
    const items = labelledItems(name, itemsOf(rows));
    const answers = new Map(predictions.map(({ id, predicted }) => [id, predicted]));
    const gold = items.map((item) => labels[item.label]!);
    return spec.measure({ gold, predicted: items.map((item) => answers.get(item.id)), items });
  };
  return {
    name,
    version,
    directory,
    metrics,
    formulations: ['head', 'cloze'],
    readRows: (file) => readRows(file, spec.schema),
    formulate,
    score,
    majority: (trainRows, rows) => {
      const label = spec.majorityLabel ?? mostFrequentLabel(labelledItems(name, itemsOf(trainRows)), labels.length);
      const predicted = labels[label]!;
      return score(
        rows,
        itemsOf(rows).map(({ id }) => ({ id, predicted })),
      );
    },
    chance: (rows) => spec.chance(labelledItems(name, itemsOf(rows))),
  };
}

/** @throws DatasetError when no item has a label */
function labelledItems(task: string, items: readonly Item[]): LabelledItem[] {
  const labelled = items.filter((item): item is LabelledItem => item.label !== undefined);
  if (labelled.length === 0) {
    throw new DatasetError(`${task}: expected rows with labels, got ${items.length} without; use a labelled split`);
  }
  return labelled;
}

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

export function indexOfMax(scores: readonly number[]): number {
  return scores.reduce((best, score, index) => (score > scores[best]! ? index : best), 0);
}
