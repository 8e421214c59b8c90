import type { TrialRecord } from '@attune/records';
import { points, roundHalfUp } from '../format.ts';
import type { Summary } from '../statistics/summary.ts';
import type { Cell } from './table.ts';

/** What a score cell is shown against. */
export interface ScoreContext {
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

export function highest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}
