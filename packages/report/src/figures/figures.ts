import type { ScoreGrid } from '../analysis/score-grid.ts';
import { barsFigure } from './bars-figure.ts';
import { curvesFigure } from './curves-figure.ts';
import type { Figure } from './figure.ts';
import { parametersFigure } from './parameters-figure.ts';

/** The figures that the data allows, in the order of the page. */
export function buildFigures(grid: ScoreGrid): readonly Figure[] {
  return [parametersFigure(grid), barsFigure(grid), curvesFigure(grid)].filter((figure) => figure !== undefined);
}
