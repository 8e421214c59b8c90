import { z } from 'zod';
import { rowId } from '../data/row-id.ts';
import { accuracy } from '../metrics/accuracy.ts';
import { expectedF1 } from '../metrics/expected-f1.ts';
import { f1Macro } from '../metrics/f1-macro.ts';
import { pattern } from '../template/pattern.ts';
import { entailmentHead, entailmentItems, entailmentPatterns } from './entailment-patterns.ts';
import type { LabelledItem } from './item.ts';
import { labelTask } from './label-task.ts';

const labels = ['entailment', 'contradiction', 'neutral'] as const;
const schema = z.object({
  idx: rowId,
  premise: z.string(),
  hypothesis: z.string(),
  label: z.enum(labels).optional(),
});
export type CbRow = z.infer<typeof schema>;

const items = entailmentItems(labels);
export const cbPatterns = entailmentPatterns(['Yes', 'No', 'Maybe'], {
  'p-tuning': '{premise~} [SEP] {hypothesis~} ? [P] answer: [M]',
  'pet-4': pattern('{premise~} question: {hypothesis~} true, false or neither? answer: [M]', {
    words: ['true', 'false', 'neither'],
  }),
});

/** Exact: a class's expected F1 depends on its own share of the guesses only, and means add up. */
function chance(rows: readonly LabelledItem[]) {
  const expected = labels.map((_, label) =>
    expectedF1(rows.filter((row) => row.label === label).length, rows.length, 1 / labels.length),
  );
  return {
    accuracy: 1 / labels.length,
    f1Macro: expected.reduce((sum, value) => sum + value, 0) / labels.length,
  };
}

/** CommitmentBank (de Marneffe et al. 2019): does the speaker hold the embedded clause true? */
export const cb = labelTask<CbRow>({
  name: 'cb',
  version: 1,
  directory: 'CB',
  labels,
  schema,
  items,
  head: entailmentHead,
  patterns: cbPatterns,
  scoring: {
    metrics: ['accuracy', 'f1Macro'],
    measure: ({ gold, predicted }) => ({
      accuracy: accuracy(gold, predicted),
      f1Macro: f1Macro(gold, predicted, labels),
    }),
    chance,
  },
});
