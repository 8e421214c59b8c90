import { z } from 'zod';
import { expectedF1, f1Macro } from '../metrics.ts';
import { pattern } from '../template/pattern.ts';
import type { LabelledItem } from './formulation-checks.ts';
import { accuracyOf } from './formulation-checks.ts';
import { labelTask, rowId } from './label-task.ts';
import { entailmentHead, entailmentItems, entailmentPatterns } from './rte.ts';

const labels = ['entailment', 'contradiction', 'neutral'] as const;
const schema = z.object({
  idx: rowId,
  premise: z.string(),
  hypothesis: z.string(),
  label: z.enum(labels).optional(),
});
type CbRow = z.infer<typeof schema>;

const items = entailmentItems(labels);
const patterns = entailmentPatterns(['Yes', 'No', 'Maybe'], {
  'p-tuning': '{premise~} [SEP] {hypothesis~} ? [P] answer: [M]',
  'pet-4': pattern('{premise~} question: {hypothesis~} true, false or neither? answer: [M]', {
    words: ['true', 'false', 'neither'],
  }),
});

/** Exact: a class's expected F1 depends on its own share of the guesses only, and means add up. */
function expectedF1Macro(rows: readonly LabelledItem[]): number {
  const expected = labels.map((_, label) =>
    expectedF1(rows.filter((row) => row.label === label).length, rows.length, 1 / labels.length),
  );
  return expected.reduce((sum, value) => sum + value, 0) / labels.length;
}

/** CommitmentBank (de Marneffe et al. 2019): does the speaker hold the embedded clause true? */
export const cb = labelTask<CbRow>({
  name: 'cb',
  version: 2,
  directory: 'CB',
  benchmark: 'superglue',
  labels,
  schema,
  items,
  head: entailmentHead,
  patterns,
  exampleRow: {
    idx: 1,
    premise: 'Mira does not believe that the ferry is late.',
    hypothesis: 'the ferry is late',
    label: 'contradiction',
  },
  metrics: [
    accuracyOf(labels.length),
    {
      name: 'f1Macro',
      measure: ({ gold, predicted }) => f1Macro(gold, predicted, labels),
      chance: expectedF1Macro,
    },
  ],
});
