import type { TopLevelSpec } from 'vega-lite';

/** One figure as data: its specification with inline values, and what a reader is told about it. */
export interface Figure {
  /** File name without extension. */
  readonly name: string;
  readonly title: string;
  /** How to read it; also the text alternative. */
  readonly caption: string;
  readonly spec: TopLevelSpec;
}

export const VEGA_LITE_SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';

/** Fractions as points with at most two decimals, so that data in a specification stays readable. */
export function plotPoints(fraction: number): number {
  return Number((fraction * 100).toFixed(2));
}
