import type { TrialPlan } from '../experiment/resolved.ts';
import type { PreparedSplit, PreparedTrial } from './prepare-trial.ts';

type Splits = Pick<PreparedTrial, 'train' | 'select' | 'report'>;

/**
 * What a reader of a trial's scores should know of its rows: labels that a split lacks, as one of a single class or one
 * smaller than the classes does; splits that are one file; fewer rows than the regime says. A sentence each.
 */
export function dataNotes(splits: Splits, { data }: Pick<TrialPlan, 'data'>): readonly string[] {
  const { train, select, report } = splits;
  const named = [
    [data.splits.train, train],
    [data.splits.select, select],
    [data.splits.report, report],
  ] as const;
  return [
    ...sampleNotes(data, train.rows.length),
    ...sameRowsNotes(splits, data.splits),
    // Names of one file give one note.
    ...new Set(named.flatMap(([name, split]) => labelNotes(name, split))),
  ];
}

function sampleNotes({ regime, splits }: TrialPlan['data'], rows: number): string[] {
  const size = Number(/^few-shot-(\d+)$/.exec(regime)?.[1] ?? rows);
  if (rows >= size) return [];
  return [`${splits.train}: has ${rows} ${rows === 1 ? 'row' : 'rows'}, fewer than the ${size} of regime "${regime}"`];
}

/** Rows of one file are read once, so they are the same. */
function sameRowsNotes({ train, select, report }: Splits, names: TrialPlan['data']['splits']): string[] {
  const same = (first: keyof typeof names, second: keyof typeof names) =>
    `${names[first]} and ${names[second]} are one file`;
  return [
    ...(select.rows === report.rows
      ? [
          `${same('select', 'report')}: the score is that of the checkpoint that is best on the very rows it is reported for`,
        ]
      : []),
    ...(train.rows === report.rows ? [`${same('train', 'report')}: what is reported was trained on`] : []),
    ...(train.rows === select.rows
      ? [`${same('train', 'select')}: checkpoints are selected on what was trained on`]
      : []),
  ];
}

/** Only answers that are labels can lack some; candidates of a text are no classes. */
function labelNotes(name: string, { formulated: { kind, labels, instances } }: PreparedSplit): string[] {
  if (kind !== 'classification' && kind !== 'cloze') return [];
  const given = instances.flatMap((instance) =>
    'label' in instance && instance.label !== undefined ? [instance.label] : [],
  );
  const lacking = labels.filter((_, label) => !given.includes(label));
  if (given.length === 0 || lacking.length === 0) return [];
  return [`${name}: no answer of ${given.length} is ${lacking.map((label) => `"${label}"`).join(' or ')}`];
}
