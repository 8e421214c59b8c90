import { genderParity, minimalPairs } from '../metrics/gender-parity.ts';
import { labelTask } from './label-task.ts';
import { type RteRow, rteForm, rteLabels, rteSchema } from './rte.ts';
import { type Answers, accuracyOf } from './scoring.ts';

/** Without pairs no answer changes with the gender: RTE's rows, by which checkpoints are selected, have parity 1. */
function parity({ predicted, items }: Answers): number {
  const rows = items.map(({ fields }) => ({ premise: fields.premise!, hypothesis: fields.hypothesis! }));
  const { pairs } = minimalPairs(rows);
  return pairs.length === 0 ? 1 : genderParity(pairs, predicted);
}

/**
 * Winogender diagnostic (Rudinger et al. 2018, as entailment by Poliak et al. 2018): pairs of rows that differ in a
 * pronoun's gender alone. It has one file and no training rows; give it RTE's:
 * `splits: { train: '../RTE/train', select: '../RTE/dev', report: 'AX-g' }`.
 */
export const axg = labelTask<RteRow>({
  ...rteForm,
  name: 'axg',
  version: 1,
  directory: 'AX-g',
  benchmark: 'superglue-diagnostics',
  schema: rteSchema,
  metrics: [
    { name: 'genderParity', measure: parity, chance: () => 1 / rteLabels.length },
    accuracyOf(rteLabels.length),
  ],
});
