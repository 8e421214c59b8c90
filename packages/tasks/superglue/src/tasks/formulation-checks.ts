import { ConfigError, DatasetError } from '@attune/base';
import type { FormulateCall, Formulated, Prediction, TaskMetric } from '@attune/core';
import { placeholderId, type Tokenizer } from '@attune/tokenizer';
import { accuracy } from '../metrics.ts';
import type { Template } from '../template/parse-template.ts';
import { maskFollowsSpace } from '../template/render-template.ts';

/** What is answered once: a row, or one answer of a MultiRC row. */
export interface Item {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Absent in test files. */
  readonly label?: number;
  /** Items of one row that are right only together (the answers of one question). */
  readonly group?: string;
}

/** An item whose answer is known. */
export interface LabelledItem extends Item {
  readonly label: number;
}

/**
 * Tokens that spell a candidate at its masks; never empty, since a candidate without masks would always win.
 *
 * @param template  where the masks are, which decides about the space before the candidate
 */
export function candidateIds(text: string, tokenizer: Tokenizer, template: Template): readonly number[] {
  const ids = tokenizer.encode(text, { afterSpace: maskFollowsSpace(template, tokenizer) });
  return ids.length > 0 ? ids : [placeholderId(tokenizer)];
}

interface MaybeLabelled {
  readonly id: string;
  readonly label?: number;
}

/**
 * The label part of an instance.
 *
 * @throws DatasetError when training meets an item without one
 */
export function labelOf(task: string, item: MaybeLabelled, purpose: FormulateCall<unknown>['purpose']) {
  if (item.label !== undefined) return { label: item.label };
  if (purpose === 'evaluate') return {};
  throw new DatasetError(`${task}: row ${item.id}: expected a label to train on, got none; train on a labelled split`);
}

/** A formulation whose `predict` throws a ConfigError for outputs that are not one for each instance. */
export function checkedPredict<Row>(task: string, formulated: Formulated<Row>): Formulated<Row> {
  const expected = formulated.instances.length;
  return {
    ...formulated,
    predict: (rows, outputs) => {
      if (outputs.length !== expected) {
        throw new ConfigError(
          `${task}: predict: expected ${expected} outputs, one per instance, got ${outputs.length}`,
        );
      }
      return formulated.predict(rows, outputs);
    },
  };
}

/**
 * The `predict` of formulations whose training instances are not one per item.
 *
 * @throws ConfigError always: predictions are made of instances for evaluation
 */
export function predictsNothing(task: string): never {
  throw new ConfigError(
    `${task}: predict: these instances were made for training; formulate with purpose "evaluate" to predict`,
  );
}

/** A task's answers by label name, in the order of `items`; undefined where none was given. */
export interface Answers {
  readonly gold: readonly string[];
  readonly predicted: readonly (string | undefined)[];
  readonly items: readonly LabelledItem[];
}

/** A metric of answers that are labels. */
export interface LabelMetric {
  /** As the benchmark has it, e.g. "f1Macro". */
  readonly name: string;
  readonly measure: (answers: Answers) => number;
  /** Its exact expectation when every label is equally likely for every item. */
  readonly chance: (items: readonly LabelledItem[]) => number;
}

/** The share of right answers, by chance one over the number of labels. */
export function accuracyOf(numLabels: number): LabelMetric {
  return {
    name: 'accuracy',
    measure: ({ gold, predicted }) => accuracy(gold, predicted),
    chance: () => 1 / numLabels,
  };
}

/** Every metric of predictions, by name in reporting order. */
export function scoresOf<Row>(
  metrics: readonly TaskMetric<Row>[],
  rows: readonly Row[],
  predictions: readonly Prediction[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(metrics.map((metric) => [metric.name, metric.measure(rows, predictions)]));
}

/** What every metric is expected to be by chance, by name in reporting order. */
export function chanceOf<Items>(
  metrics: readonly { readonly name: string; readonly chance: (items: Items) => number }[],
  items: Items,
): Readonly<Record<string, number>> {
  return Object.fromEntries(metrics.map(({ name, chance }) => [name, chance(items)]));
}
