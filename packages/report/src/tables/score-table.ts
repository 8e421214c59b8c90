import { plural, points, roundHalfUp } from '@attune/base';
import type { TrialRecord } from '@attune/records';
import { type ArmScores, type Baseline, type ScoreGrid, seedsOf } from '../analysis/score-grid.ts';
import type { Summary } from '../statistics.ts';
import { type Cell, left, type Row, right, type Table, text } from './table.ts';

/** What a score cell is shown against. */
interface ScoreContext {
  /** Highest value of the column, of those that compete. */
  readonly best?: number | undefined;
  /** The majority baseline of the column. */
  readonly floor?: number | undefined;
  /** Seeds a full cell has; a cell with fewer says so. */
  readonly seeds?: number | undefined;
}

/**
 * Mean ± standard deviation in points. Values that print alike are marked best alike; a mean that is not above the
 * majority class is marked low.
 */
export function scoreCell(summary: Summary, { best, floor, seeds }: ScoreContext): Cell {
  const fewer = seeds !== undefined && summary.count < seeds ? ` (n = ${summary.count})` : '';
  const spread = summary.sd === undefined ? '' : `± ${points(summary.sd)}`;
  const detail = `${spread}${fewer}`.trim();
  const isLow = floor !== undefined && summary.mean <= floor;
  const isBest = best !== undefined && points(best) === points(summary.mean);
  return {
    text: points(summary.mean),
    ...(detail === '' ? {} : { detail }),
    ...(isBest ? { mark: 'best' as const } : isLow ? { mark: 'low' as const } : {}),
  };
}

/** Why a cell has no score: the status of its trials, or that they have not run. */
export function emptyCell(records: readonly TrialRecord[]): Cell {
  const statuses = new Set(records.map((record) => record.status));
  if (statuses.size === 0) return { text: 'not run' };
  const [status] = statuses;
  return { text: statuses.size > 1 ? 'failed' : status === 'no-data' ? 'no data' : `${status}` };
}

/** A baseline's value; a dash where unknown. */
export function baselineCell(value: number | undefined): Cell {
  return { text: value === undefined ? '–' : points(value) };
}

/** An interval in points: "61.2 to 68.9". */
export function intervalText(summary: Summary | undefined): string {
  if (summary?.interval === undefined) return '–';
  return summary.interval.map((bound) => roundHalfUp(Math.min(1, Math.max(0, bound)) * 100, 1)).join(' to ');
}

/** The highest of the values that are known; undefined when none is. */
export function highest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

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
