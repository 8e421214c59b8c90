import type { Config, TopLevelSpec } from 'vega-lite';
import type { Arm } from '../analysis/arms.ts';

/** Colour, shape and dash scales over arm names; an arm looks alike in every figure, also where others are absent. */
export function armScales(arms: readonly Arm[]) {
  const domain = arms.map((arm) => arm.name);
  const scale = <T>(range: (index: number) => T) => ({ domain, range: arms.map((arm) => range(arm.index)) });
  return { color: scale(armColor), shape: scale(armShape), dash: scale((index) => [...armDash(index)]) };
}

/** One figure as data: its specification with inline values, and what a reader is told about it. */
export interface Figure {
  /** File name without extension. */
  readonly name: string;
  readonly title: string;
  /** How to read it; also the text alternative. */
  readonly caption: string;
  readonly spec: TopLevelSpec;
}

/** The version of Vega-Lite that figures are written for. */
export const VEGA_LITE_SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';

/** Fractions as points with at most two decimals, so that data in a specification stays readable. */
export function plotPoints(fraction: number): number {
  return Number((fraction * 100).toFixed(2));
}

/** One colour as drawn, and what replaces it on a dark page. */
interface ThemeColor {
  readonly light: string;
  readonly dark: string;
}

const INK: ThemeColor = { light: '#1f2328', dark: '#e6edf3' };
const MUTED: ThemeColor = { light: '#59636e', dark: '#9198a1' };
const GRID: ThemeColor = { light: '#d9dee4', dark: '#30363d' };

/**
 * Okabe and Ito's palette, darkened where it would be faint on white, and others. Shapes and dashes repeat the
 * distinction; as there are fewer of them, colour and shape together are a pair of its own for 24 arms.
 */
const ARM_COLORS: readonly ThemeColor[] = [
  { light: '#0072b2', dark: '#4ea8de' },
  { light: '#c2510a', dark: '#ff9a57' },
  { light: '#00805d', dark: '#3cc9a0' },
  { light: '#b0528c', dark: '#e7a3cb' },
  { light: '#8f6b00', dark: '#e8b93a' },
  { light: '#6a4fa3', dark: '#b49ae8' },
  { light: '#4a5058', dark: '#b9c0c8' },
  { light: '#3a9bd1', dark: '#8fd3ff' },
  { light: '#9f1239', dark: '#fb7f93' },
  { light: '#5d7a00', dark: '#b6d957' },
  { light: '#7b4b2a', dark: '#d8a47f' },
  { light: '#00777f', dark: '#5fd6dd' },
];
const ARM_SHAPES = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
  'triangle-left',
];
const ARM_DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [4, 4], [1, 3], [10, 2, 2, 2, 2, 2]];

/** Colour of texts. */
export const ink = INK.light;
/** Colour of what is beside the point: axes, rules, notes. */
export const muted = MUTED.light;

/** The colour of an arm, by its place in the experiment; colours start again when there are more arms. */
export const armColor = (index: number): string => ARM_COLORS[index % ARM_COLORS.length]!.light;
/** The shape of an arm's points, for those who cannot tell its colour. */
export const armShape = (index: number): string => ARM_SHAPES[index % ARM_SHAPES.length]!;
const armDash = (index: number): readonly number[] => ARM_DASHES[index % ARM_DASHES.length]!;

/** Light and dark value of each arm colour, for the page's swatches. */
export const armColors: readonly ThemeColor[] = ARM_COLORS;

/** Fonts that machines have, so that a figure loads none. */
export const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Liberation Sans, sans-serif';

/** Vega-Lite's configuration of all figures. */
export const themeConfig: Config = {
  aria: false,
  background: 'transparent',
  font: FONT,
  padding: 4,
  view: { stroke: null },
  axis: {
    labelColor: MUTED.light,
    titleColor: MUTED.light,
    gridColor: GRID.light,
    domainColor: GRID.light,
    tickColor: GRID.light,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
    labelLimit: 400,
  },
  header: { labelColor: INK.light, titleColor: INK.light, labelFontSize: 12, labelFontWeight: 600, labelPadding: 6 },
  legend: {
    labelColor: INK.light,
    titleColor: MUTED.light,
    labelFontSize: 12,
    labelLimit: 320,
    orient: 'top',
    columns: 3,
    columnPadding: 18,
    rowPadding: 4,
    symbolSize: 90,
    offset: 14,
  },
};

/**
 * CSS that recolours a figure on a dark page. Attribute selectors outrank the attributes themselves, so the same
 * file works as an image and inline; `scope` keeps the rules inside one figure.
 */
export function darkRules(scope: string): string {
  const rules = [INK, MUTED, GRID, ...ARM_COLORS].flatMap(({ light, dark }) =>
    ['fill', 'stroke'].map((attribute) => `${scope} [${attribute}="${light}"]{${attribute}:${dark}}`),
  );
  return `@media (prefers-color-scheme:dark){${rules.join('')}}`;
}
