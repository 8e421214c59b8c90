import type { ArmScores, Baseline, ScoreGrid } from '../analysis/score-grid.ts';
import { seedsOf } from '../analysis/score-grid.ts';
import { plural } from '../format.ts';
import { baselineCell, emptyCell, highest, scoreCell } from './score-cells.ts';
import { type Cell, left, type Row, right, type Table, text } from './table.ts';

/** The main table: arms by their mean and tasks, with the majority and chance rows below. */
export function scoreTable(grid: ScoreGrid, seeds: number): Table {
  const bests = grid.tasks.map((_, task) => highest(grid.arms.map(({ cells }) => cells[task]?.summary?.mean)));
  const complete = grid.arms.flatMap(({ overall }) => (overall?.complete ? [overall.mean] : []));
  const context = { bests, bestMean: highest(complete), seeds };
  return {
    id: 'scores',
    caption: 'Task scores',
    columns: [left('Method'), right('Mean'), ...grid.tasks.map(right), right('Seeds')],
    rows: [
      ...grid.arms.map((arm) => armRow(arm, grid, context)),
      baselineRow('majority class', grid.majority, grid),
      baselineRow('chance', grid.chance, grid),
    ],
    notes: scoreNotes(grid, seeds),
  };
}

interface ColumnContext {
  readonly bests: readonly (number | undefined)[];
  readonly bestMean: number | undefined;
  readonly seeds: number;
}

function armRow(scores: ArmScores, grid: ScoreGrid, { bests, bestMean, seeds }: ColumnContext): Row {
  const cells = scores.cells.map((cell, task) => {
    const floor = grid.majority.scores.get(cell.task);
    return cell.summary === undefined
      ? emptyCell(cell.records)
      : scoreCell(cell.summary, { best: bests[task], floor, seeds });
  });
  return {
    cells: [text(scores.arm.name), meanCell(scores, grid, bestMean), ...cells, text(seedCount(scores))],
    arm: scores.arm.index,
  };
}

function meanCell({ overall }: ArmScores, grid: ScoreGrid, best: number | undefined): Cell {
  if (overall === undefined) return text('–');
  const floor = grid.majority.overall;
  if (overall.complete) return scoreCell(overall, { best, floor });
  const { text: value } = scoreCell(overall, {});
  return { text: value, detail: `(${overall.tasks} of ${plural(grid.scoredTasks.length, 'task')})` };
}

function seedCount({ cells }: ArmScores): string {
  return String(seedsOf(cells.flatMap((cell) => cell.completed)).length);
}

function baselineRow(name: string, baseline: Baseline, grid: ScoreGrid): Row {
  const values = grid.tasks.map((task) => baseline.scores.get(task));
  return { cells: [text(name), ...[baseline.overall, ...values].map(baselineCell), text('')], reference: true };
}

function scoreNotes(grid: ScoreGrid, seeds: number): readonly string[] {
  const unscored = grid.tasks.length - grid.scoredTasks.length;
  const over = unscored > 0 ? `the ${plural(grid.scoredTasks.length, 'task')} with a score` : 'all tasks';
  return [
    `Task scores out of 100 on the reported split: mean ± standard deviation over ${plural(seeds, 'seed')}; a task with two metrics scores their mean.`,
    `The mean is unweighted over ${over}; its ± is the standard deviation of that mean over seeds.`,
    'Best of each column is marked; n is given where fewer seeds have a score; a score not above the majority class is set back.',
  ];
}
