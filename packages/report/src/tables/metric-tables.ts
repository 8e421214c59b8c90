import { ownValue } from '@attune/base';
import type { TrialRecord } from '@attune/records';
import { type Baseline, type ScoreCell, type ScoreGrid, taskScore } from '../analysis/score-grid.ts';
import { summarize } from '../statistics.ts';
import { baselineCell, emptyCell, highest, intervalText, scoreCell } from './score-table.ts';
import { type Cell, left, type Row, right, type Table, text } from './table.ts';

/** For each scored task, every metric of every arm, with the interval of the task score. */
export function metricTables(grid: ScoreGrid, seeds: number): readonly Table[] {
  const scored = new Set(grid.scoredTasks);
  return grid.tasks.flatMap((task, place) => (scored.has(task) ? [metricTable({ task, place }, grid, seeds)] : []));
}

type Scores = Readonly<Record<string, number>>;

interface TaskColumn {
  readonly task: string;
  /** Among the cells of every arm. */
  readonly place: number;
}

function metricTable({ task, place }: TaskColumn, grid: ScoreGrid, seeds: number): Table {
  const cells = grid.arms.map((arm) => arm.cells[place]!);
  const completed = cells.flatMap((cell) => cell.completed);
  const metrics = [...new Set(completed.flatMap(({ scores }) => Object.keys(scores)))].filter((m) => m !== 'score');
  const columns = [...metrics, 'score'];
  const bests = columns.map((metric) => highest(cells.map((cell) => summaryOf(cell, metric)?.mean)));
  const baselines: readonly (readonly [string, Baseline['name']])[] = [
    ['majority class', 'majority'],
    ['chance', 'chance'],
  ];
  return {
    id: `metrics-${task}`,
    caption: task,
    columns: [
      left('Method'),
      ...columns.map(right),
      right('95 % interval of score'),
      right('Posed as'),
      right('Seeds × examples'),
    ],
    rows: [
      ...grid.arms.map(({ arm }, index): Row => {
        const cell = cells[index]!;
        const values = columns.map((metric, column) => metricCell(cell, metric, bests[column], seeds));
        return {
          cells: [text(arm.name), ...values, text(intervalText(cell.summary)), text(posed(cell)), text(amount(cell))],
          arm: arm.index,
        };
      }),
      ...baselines.map(([name, key]) => baselineRow(name, columns, completed, (record) => record[key])),
    ],
    notes: [],
  };
}

function metricCell(cell: ScoreCell, metric: string, best: number | undefined, seeds: number): Cell {
  const summary = summaryOf(cell, metric);
  return summary === undefined ? emptyCell(cell.records) : scoreCell(summary, { best, seeds });
}

function summaryOf(cell: ScoreCell, metric: string) {
  return summarize(cell.completed.flatMap((record) => metricValue(record.scores, metric) ?? []));
}

function metricValue(scores: Scores, metric: string): number | undefined {
  return metric === 'score' ? taskScore(scores) : ownValue(scores, metric);
}

function baselineRow(
  name: string,
  columns: readonly string[],
  completed: readonly TrialRecord[],
  scoresOf: (record: TrialRecord) => Scores,
): Row {
  const values = columns.map((metric) =>
    baselineCell(summarize(completed.flatMap((record) => metricValue(scoresOf(record), metric) ?? []))?.mean),
  );
  return { cells: [text(name), ...values, text(''), text(''), text('')], reference: true };
}

function posed(cell: ScoreCell): string {
  return [...new Set(cell.completed.map((record) => record.config.formulation))].join(', ');
}

/** Seeds and examples behind the row. */
function amount({ completed }: ScoreCell): string {
  const examples = completed[0]?.counts.reportedExamples;
  return examples === undefined ? '' : `${completed.length} × ${examples}`;
}
