import { BadLines, textLines } from '@attune/base';
import { z } from 'zod';
import { genderParity, matthewsCorrelation, minimalPairs } from '../metrics.ts';
import { type Answers, accuracyOf } from './formulation-checks.ts';
import { labelTask, type PatternTask } from './label-task.ts';
import { type RteRow, rteForm, rteLabels, rteSchema } from './rte.ts';

const official = z.looseObject({ sentence1: z.unknown(), sentence2: z.unknown() });

/** AX-b calls premise and hypothesis sentence1 and sentence2; rows of RTE, to train on, are read as they are. */
const schema = z.preprocess((value) => {
  const row = official.safeParse(value).data;
  return row === undefined ? value : { ...row, premise: row.sentence1, hypothesis: row.sentence2 };
}, rteSchema);

/**
 * Broad-coverage diagnostic (Wang et al. 2019, section 3.2): entailments tagged by phenomenon. It has one file and no
 * training rows; give it RTE's: `splits: { train: '../RTE/train', select: '../RTE/dev', report: 'AX-b' }`.
 */
export const axb = labelTask<RteRow>({
  ...rteForm,
  name: 'axb',
  version: 2,
  directory: 'AX-b',
  benchmark: 'superglue-diagnostics',
  schema,
  metrics: [
    {
      name: 'matthewsCorrelation',
      measure: ({ gold, predicted }) => matthewsCorrelation(gold, predicted, rteLabels[0]),
      chance: () => 0,
    },
  ],
});

/** NaN without pairs, as on RTE's rows, by which checkpoints are selected: there is nothing to be equal. */
function parity({ predicted, items }: Answers): number {
  const rows = items.map(({ fields }) => ({ premise: fields.premise!, hypothesis: fields.hypothesis! }));
  const { pairs } = minimalPairs(rows);
  return pairs.length === 0 ? Number.NaN : genderParity(pairs, predicted);
}

/** Rows of AX-g have a `pair_id`, which differs in every row; those of RTE, to train on, have none. */
const axgSchema = rteSchema.extend({ pair_id: z.unknown().optional() });
type AxgRow = z.infer<typeof axgSchema>;

/** @throws DatasetError naming rows of AX-g that make no pair with exactly one other */
function requirePairs(rows: readonly AxgRow[], bytes: Uint8Array, file: string): readonly AxgRow[] {
  const lines = textLines(bytes, file);
  const bad = new BadLines(file);
  for (const index of minimalPairs(rows).unpaired) {
    if (rows[index]!.pair_id === undefined) continue;
    bad.add(
      lines[index]!.number,
      'expected one other row that differs in the gender of its pronouns alone, found none',
    );
  }
  bad.throwIfAny();
  return rows;
}

const labelledAxg = labelTask<AxgRow>({
  ...rteForm,
  name: 'axg',
  version: 2,
  directory: 'AX-g',
  benchmark: 'superglue-diagnostics',
  schema: axgSchema,
  metrics: [
    { name: 'genderParity', measure: parity, chance: () => 1 / rteLabels.length },
    accuracyOf(rteLabels.length),
  ],
});

/**
 * Winogender diagnostic (Rudinger et al. 2018, as entailment by Poliak et al. 2018): pairs of rows that differ in a
 * pronoun's gender alone. It has one file and no training rows; give it RTE's:
 * `splits: { train: '../RTE/train', select: '../RTE/dev', report: 'AX-g' }`.
 */
export const axg: PatternTask<AxgRow> = {
  ...labelledAxg,
  parseRows: (bytes, file) => requirePairs(labelledAxg.parseRows(bytes, file), bytes, file),
};
