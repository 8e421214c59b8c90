import type { TopLevelSpec } from 'vega-lite';
import { rankedArms } from '../analysis/comparison.ts';
import { costsOfArm } from '../analysis/costs.ts';
import type { ScoreGrid } from '../analysis/score-grid.ts';
import { plural } from '../format.ts';
import { armScales } from './arm-scales.ts';
import { type Figure, plotPoints, VEGA_LITE_SCHEMA } from './figure.ts';
import { muted, themeConfig } from './theme.ts';

/** Mean score against trained parameters, one point per arm. Undefined when no arm has a comparable mean. */
export function parametersFigure(grid: ScoreGrid): Figure | undefined {
  const arms = rankedArms(grid.arms).toSorted((a, b) => a.arm.index - b.arm.index);
  if (arms.length === 0) return undefined;
  const points = arms.map(({ arm, overall }) => {
    const [low, high] = overall!.interval ?? [overall!.mean, overall!.mean];
    return {
      method: arm.name,
      parameters: Math.round(costsOfArm(arm)!.trainableParameters),
      mean: plotPoints(overall!.mean),
      low: plotPoints(low),
      high: plotPoints(high),
    };
  });
  const baselines = [grid.majority, grid.chance].flatMap(({ name, overall }) =>
    overall === undefined
      ? []
      : [{ baseline: name === 'majority' ? 'majority class' : 'chance', score: plotPoints(overall) }],
  );
  return {
    name: 'score-by-parameters',
    title: 'Score against trained parameters',
    caption: `Mean score over ${plural(grid.scoredTasks.length, 'task')} against the number of trained parameters on a logarithmic scale; bars are 95 % intervals over seeds. A method that trains nothing has no place on that scale and stands at its left edge.`,
    spec: parametersSpec(points, baselines, armScales(arms.map(({ arm }) => arm))),
  };
}

interface ParameterPoint {
  readonly method: string;
  readonly parameters: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}
interface BaselineRule {
  readonly baseline: string;
  readonly score: number;
}

function parametersSpec(
  values: readonly ParameterPoint[],
  baselines: readonly BaselineRule[],
  { color, shape }: ReturnType<typeof armScales>,
): TopLevelSpec {
  const trained = values.map((value) => value.parameters).filter((parameters) => parameters > 0);
  const domain = logDomain(trained);
  // Zero has no logarithm: such a method is drawn on the left border, which the caption says.
  const placed = values.map((value) => ({ ...value, x: Math.max(value.parameters, domain[0]) }));
  const y = { type: 'quantitative' as const, scale: { zero: false, nice: true, padding: 12 }, title: 'Mean score' };
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    scale: { type: 'log' as const, domain, nice: false },
    axis: { title: 'Trained parameters', format: '~s', values: powersOfTen(domain), grid: true },
  };
  const hue = { field: 'method', type: 'nominal' as const, scale: color, title: null };
  return {
    $schema: VEGA_LITE_SCHEMA,
    data: { values: placed },
    width: 560,
    height: 300,
    config: themeConfig,
    layer: [
      ...baselineLayers(baselines),
      {
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: { ...hue, legend: null } },
      },
      {
        mark: { type: 'point', filled: true, size: 130, opacity: 1 },
        encoding: {
          x,
          y: { ...y, field: 'mean' },
          color: hue,
          shape: { field: 'method', type: 'nominal', scale: shape, title: null },
        },
      },
    ],
  };
}

function baselineLayers(values: readonly BaselineRule[]) {
  if (values.length === 0) return [];
  const y = { field: 'score', type: 'quantitative' as const };
  return [
    {
      data: { values: [...values] },
      mark: { type: 'rule' as const, color: muted, strokeDash: [4, 4] },
      encoding: { y },
    },
    {
      data: { values: [...values] },
      mark: {
        type: 'text' as const,
        color: muted,
        align: 'right' as const,
        baseline: 'bottom' as const,
        dy: -3,
        fontSize: 11,
      },
      encoding: { y, x: { value: 'width' as const }, text: { field: 'baseline' } },
    },
  ];
}

/** Whole powers of ten around the values, with room on both sides. */
function logDomain(trained: readonly number[]): [number, number] {
  if (trained.length === 0) return [1, 10];
  return [
    10 ** Math.floor(Math.log10(Math.min(...trained) * 0.8)),
    10 ** Math.ceil(Math.log10(Math.max(...trained) * 1.25)),
  ];
}

function powersOfTen([low, high]: readonly [number, number]): number[] {
  const first = Math.round(Math.log10(low));
  return Array.from({ length: Math.round(Math.log10(high)) - first + 1 }, (_, power) => 10 ** (first + power));
}
