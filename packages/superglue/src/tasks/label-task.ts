import { type FormulateCall, type Formulated, type Prediction, parseRows, type Task } from '@attune/core';
import type { z } from 'zod';
import { formulateLabels, type LabelFormulation } from './formulate-labels.ts';
import { labelledItems, mostFrequentLabel } from './item.ts';
import { accuracyScoring, type Scoring } from './scoring.ts';

/** Segments for a head and patterns of a cloze; or a formulation of the task's own. */
type Posed<Row> =
  | Pick<LabelFormulation<Row>, 'head' | 'patterns'>
  | { readonly formulate: (call: FormulateCall<Row>) => Formulated<Row> };

export type LabelTaskSpec<Row> = Pick<LabelFormulation<Row>, 'name' | 'labels' | 'items'> &
  Posed<Row> & {
    readonly version: number;
    readonly directory: string;
    readonly schema: z.ZodType<Row>;
    /** Accuracy when absent. */
    readonly scoring?: Scoring;
    /** The label that the majority baseline always gives; the most frequent training label when absent. */
    readonly majorityLabel?: number;
  };

/** A task whose answers come from a fixed set of labels. */
export function labelTask<Row>(spec: LabelTaskSpec<Row>): Task<Row> {
  const { name, version, directory, labels, scoring = accuracyScoring(labels.length) } = spec;
  const itemsOf = (rows: readonly Row[]) => rows.flatMap(spec.items);
  const score = (rows: readonly Row[], predictions: readonly Prediction[]) => {
    const items = labelledItems(name, itemsOf(rows));
    const answers = new Map(predictions.map(({ id, predicted }) => [id, predicted]));
    const gold = items.map((item) => labels[item.label]!);
    return scoring.measure({ gold, predicted: items.map((item) => answers.get(item.id)), items });
  };
  return {
    name,
    version,
    directory,
    metrics: scoring.metrics,
    formulations: ['head', 'cloze'],
    parseRows: (bytes, file) => parseRows(bytes, file, spec.schema),
    formulate: 'formulate' in spec ? spec.formulate : (call) => formulateLabels(spec, call),
    score,
    majority: (trainRows, rows) => {
      const label = spec.majorityLabel ?? mostFrequentLabel(labelledItems(name, itemsOf(trainRows)), labels.length);
      const predicted = labels[label]!;
      return score(
        rows,
        itemsOf(rows).map(({ id }) => ({ id, predicted })),
      );
    },
    chance: (rows) => scoring.chance(labelledItems(name, itemsOf(rows))),
  };
}
