import type { TopLevelSpec } from 'vega-lite';
import type { ScoreGrid } from '../analysis/score-grid.ts';
import { armScales, type Figure, ink, muted, plotPoints, themeConfig, VEGA_LITE_SCHEMA } from './theme.ts';

interface BarValue {
  readonly task: string;
  readonly method: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly majority?: number;
  readonly chance?: number;
}

/** One panel per task with a bar per arm, its interval, and rules at chance and majority. Undefined without scores. */
export function barsFigure(grid: ScoreGrid): Figure | undefined {
  const values = grid.arms.flatMap(({ arm, cells }) =>
    cells.flatMap(({ task, summary }): readonly BarValue[] => {
      if (summary === undefined) return [];
      const [low, high] = summary.interval ?? [summary.mean, summary.mean];
      const [majority, chance] = [grid.majority.scores.get(task), grid.chance.scores.get(task)];
      return [
        {
          task,
          method: arm.name,
          mean: plotPoints(summary.mean),
          low: plotPoints(Math.max(0, low)),
          high: plotPoints(Math.min(1, high)),
          ...(majority === undefined ? {} : { majority: plotPoints(majority) }),
          ...(chance === undefined ? {} : { chance: plotPoints(chance) }),
        },
      ];
    }),
  );
  if (values.length === 0) return undefined;
  const drawn = new Set(values.map(({ method }) => method));
  const arms = grid.arms.map(({ arm }) => arm).filter((arm) => drawn.has(arm.name));
  return {
    name: 'scores-by-task',
    title: 'Scores by task',
    caption:
      'Mean task score with its 95 % interval over seeds, cut at 0 and 100. The solid rule is the majority class, the dashed one chance.',
    spec: barsSpec(values, grid.scoredTasks, armScales(arms)),
  };
}

function barsSpec(
  values: readonly BarValue[],
  tasks: readonly string[],
  { color }: ReturnType<typeof armScales>,
): TopLevelSpec {
  const x = { type: 'quantitative' as const, scale: { domain: [0, 100] }, title: null };
  const y = { field: 'method', type: 'nominal' as const, sort: color.domain, title: null };
  return {
    $schema: VEGA_LITE_SCHEMA,
    data: { values: [...values] },
    config: themeConfig,
    columns: Math.min(4, tasks.length),
    spacing: { row: 18, column: 20 },
    facet: { field: 'task', type: 'nominal', sort: [...tasks], header: { title: null } },
    spec: {
      width: tasks.length < 3 ? 260 : 155,
      height: { step: 18 },
      layer: [
        {
          // No rounded corners: vega clips them, and numbers the clip paths across all figures of a process.
          mark: { type: 'bar', height: 11 },
          encoding: {
            x: { ...x, field: 'mean', axis: { title: null, values: [0, 50, 100] } },
            y: { ...y, axis: { grid: false, ticks: false, domain: false, labelPadding: 6 } },
            color: { field: 'method', type: 'nominal', scale: color, legend: null },
          },
        },
        {
          mark: { type: 'rule', color: ink, strokeWidth: 1.5 },
          encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
        },
        { mark: { type: 'rule', color: ink }, encoding: { x: { ...x, field: 'majority', aggregate: 'mean' } } },
        {
          mark: { type: 'rule', color: muted, strokeDash: [3, 3] },
          encoding: { x: { ...x, field: 'chance', aggregate: 'mean' } },
        },
      ],
    },
    // An axis under every panel: shared ones would hang below panels that the last row does not have.
    resolve: { axis: { x: 'independent' } },
  };
}
