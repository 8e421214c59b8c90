import { plural } from '@attune/base';
import type { TopLevelSpec } from 'vega-lite';
import { rankedArms } from '../analysis/comparison.ts';
import { costsOfArm } from '../analysis/costs.ts';
import type { ScoreGrid } from '../analysis/score-grid.ts';
import { armScales, type Figure, muted, plotPoints, themeConfig, VEGA_LITE_SCHEMA } from './theme.ts';

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
    caption: `Mean score over ${plural(grid.scoredTasks.length, 'task')} against the number of trained parameters on a logarithmic scale; bars are 95 % intervals over seeds. A method that trains nothing stands at 0, left of that scale.`,
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
  const domain = logDomain(values.map((value) => value.parameters));
  // Zero has no logarithm: such a method is drawn on the left border, whose label then reads 0.
  const hasZero = values.some((value) => value.parameters === 0);
  const placed = values.map((value) => ({ ...value, x: Math.max(value.parameters, domain[0]) }));
  const y = { type: 'quantitative' as const, scale: { zero: false, nice: true, padding: 12 }, title: 'Mean score' };
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    scale: { type: 'log' as const, domain, nice: false },
    axis: {
      title: 'Trained parameters',
      values: powersOfTen(domain),
      labelExpr: `${hasZero ? `datum.value === ${domain[0]} ? '0' : ` : ''}format(datum.value, '~s')`,
    },
  };
  const hue = { field: 'method', type: 'nominal' as const, scale: color, title: null };
  return {
    $schema: VEGA_LITE_SCHEMA,
    data: { values: placed },
    width: 720,
    height: 320,
    config: themeConfig,
    layer: [
      ...baselineLayers(baselines),
      {
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: hue },
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

/** Whole powers of ten around the values above zero, and one more below them where there is a zero. */
function logDomain(parameters: readonly number[]): [number, number] {
  const trained = parameters.filter((value) => value > 0);
  if (trained.length === 0) return [1, 10];
  const low = Math.floor(Math.log10(Math.min(...trained) * 0.8)) - (trained.length < parameters.length ? 1 : 0);
  return [10 ** low, 10 ** Math.ceil(Math.log10(Math.max(...trained) * 1.25))];
}

function powersOfTen([low, high]: readonly [number, number]): number[] {
  const first = Math.round(Math.log10(low));
  return Array.from({ length: Math.round(Math.log10(high)) - first + 1 }, (_, power) => 10 ** (first + power));
}
