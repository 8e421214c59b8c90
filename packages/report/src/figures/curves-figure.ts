import type { TrialRecord } from '@attune/records';
import type { TopLevelSpec } from 'vega-lite';
import type { ScoreGrid } from '../analysis/score-grid.ts';
import { average } from '../statistics.ts';
import { armScales, type Figure, plotPoints, themeConfig, VEGA_LITE_SCHEMA } from './theme.ts';

interface CurveValue {
  readonly task: string;
  readonly method: string;
  readonly step: number;
  readonly score: number;
}

/** Selection score by step, one panel per task, mean over seeds. Undefined when no curve has two points. */
export function curvesFigure(grid: ScoreGrid): Figure | undefined {
  const curves = grid.arms.map(({ arm, cells }) => ({
    arm,
    values: cells.flatMap((cell) =>
      meanCurve(cell.completed).map((point) => ({ task: cell.task, method: arm.name, ...point })),
    ),
  }));
  const drawn = curves.filter(({ values }) => values.length > 0);
  if (drawn.length === 0) return undefined;
  const values = drawn.flatMap((curve) => curve.values);
  const withCurve = new Set(values.map(({ task }) => task));
  const tasks = grid.scoredTasks.filter((task) => withCurve.has(task));
  return {
    name: 'learning-curves',
    title: 'Learning curves',
    caption:
      'Score on the selection split by training step (0: before training), mean over seeds, drawn as far as every seed of the method trained. Methods that train nothing have no curve.',
    spec: curvesSpec(values, tasks, armScales(drawn.map(({ arm }) => arm))),
  };
}

/** Means at the steps that every trial evaluated; early stopping would otherwise change who is averaged. */
export function meanCurve(records: readonly TrialRecord[]): readonly { step: number; score: number }[] {
  const curves = records.map(
    ({ learningCurve }) => new Map(learningCurve.map(({ step, selectionScore }) => [step, selectionScore])),
  );
  const [first] = curves;
  if (first === undefined) return [];
  const means = [...first.keys()].flatMap((step) => {
    const scores = curves.flatMap((curve) => curve.get(step) ?? []);
    return scores.length === curves.length ? [{ step, score: plotPoints(average(scores)) }] : [];
  });
  return means.length > 1 ? means : [];
}

function curvesSpec(
  values: readonly CurveValue[],
  tasks: readonly string[],
  { color, dash }: ReturnType<typeof armScales>,
): TopLevelSpec {
  return {
    $schema: VEGA_LITE_SCHEMA,
    data: { values: [...values] },
    config: themeConfig,
    columns: Math.min(4, tasks.length),
    spacing: 22,
    facet: { field: 'task', type: 'nominal', sort: [...tasks], header: { title: null } },
    spec: {
      width: tasks.length < 3 ? 320 : 175,
      height: 130,
      mark: { type: 'line', strokeWidth: 2 },
      encoding: {
        x: { field: 'step', type: 'quantitative', axis: { title: 'Step', tickCount: 3, format: '~s', grid: false } },
        y: {
          field: 'score',
          type: 'quantitative',
          scale: { zero: false },
          axis: { title: 'Selection score', tickCount: 4 },
        },
        color: { field: 'method', type: 'nominal', scale: color, title: null, legend: { symbolSize: 500 } },
        strokeDash: { field: 'method', type: 'nominal', scale: dash, title: null, legend: { symbolSize: 500 } },
      },
    },
    // A task that learns slowly must not look flat beside one that starts high: each panel has its own scales.
    resolve: { scale: { x: 'independent', y: 'independent' } },
  };
}
