import { type FormulateCall, type Formulated, type Prediction, parseRows, type Task } from '@attune/core';
import type { z } from 'zod';
import type { Patterns } from '../template/pattern.ts';
import { formulateLabels, type LabelFormulation } from './formulate-labels.ts';
import { labelledItems, mostFrequentLabel } from './item.ts';
import { type Answers, accuracyOf, chanceOf, type LabelMetric, scoresOf } from './scoring.ts';

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
    /** Accuracy when absent. */
    readonly metrics?: readonly LabelMetric[];
    /** The label that the majority baseline always gives; the most frequent training label when absent. */
    readonly majorityLabel?: number;
  };

/** A task whose answers come from a fixed set of labels. */
export function labelTask<Row>(spec: LabelTaskSpec<Row>): PatternTask<Row> {
  const { name, labels, metrics: measured = [accuracyOf(labels.length)] } = spec;
  const itemsOf = (rows: readonly Row[]) => rows.flatMap(spec.items);
  const answersOf = (rows: readonly Row[], predictions: readonly Prediction[]): Answers => {
    const items = labelledItems(name, itemsOf(rows));
    const answers = new Map(predictions.map(({ id, predicted }) => [id, predicted]));
    return {
      items,
      gold: items.map((item) => labels[item.label]!),
      predicted: items.map((item) => answers.get(item.id)),
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
    parseRows: (bytes, file) => parseRows(bytes, file, spec.schema),
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
