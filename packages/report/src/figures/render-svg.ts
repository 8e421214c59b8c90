import { htmlText, shownText } from '@attune/base';
import * as vega from 'vega';
import { compile } from 'vega-lite';
import type { ScoreGrid } from '../analysis/score-grid.ts';
import { barsFigure } from './bars-figure.ts';
import { curvesFigure } from './curves-figure.ts';
import { parametersFigure } from './parameters-figure.ts';
import { darkRules, type Figure, FONT } from './theme.ts';

/**
 * Renders a figure to one SVG document that reads on light and dark pages. The bytes depend on the specification
 * alone: text is measured by an estimate even where a canvas is installed, and coordinates keep two decimals.
 */
export async function renderSvg({ name, title, caption, spec }: Figure): Promise<string> {
  textMetrics.canvas(false);
  textMetrics.width = estimateWidth;
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: 'none' });
  // Vega escapes markup in data; control characters are nothing that XML may hold.
  const svg = shownText(roundCoordinates(dropNothings(await view.toSVG())));
  view.finalize();
  const id = `figure-${name}`;
  const head = `<title>${htmlText(title)}</title><desc>${htmlText(caption)}</desc><style>${darkRules(`#${id}`)}</style>`;
  return `${svg.replace(/^<svg ([^>]*>)/, (_, rest: string) => `<svg id="${id}" role="img" font-family="${FONT}" ${rest}${head}`)}\n`;
}

/** Exported by vega, absent from its types. */
const { textMetrics } = vega as unknown as { textMetrics: TextMetrics };

interface TextMetrics {
  canvas(use: boolean): void;
  width(item: TextItem, text?: unknown): number;
}
interface TextItem {
  readonly text?: unknown;
  readonly fontSize?: number;
}

/** Vega's own estimate is 0.8 em per character, which leaves gaps; sans-serif text is nearer to 0.57 em. */
function estimateWidth(item: TextItem, text: unknown = item.text): number {
  return Math.ceil(0.57 * String(text ?? '').length * (item.fontSize ?? 11));
}

/** Takes out paths that draw nothing and the font on every text; the root element names it once. */
function dropNothings(svg: string): string {
  return svg
    .replaceAll(` font-family="${FONT}"`, '')
    .replace(/<path class="foreground"[^>]* d=""[^>]*\/>/g, '')
    .replace(/<path class="background"[^>]* d="M0,0h0v0h0Z"[^>]*\/>/g, '');
}

const COORDINATES = /\b(transform|d|x1|x2|y1|y2|width|height|viewBox)="([^"]*)"/g;

function roundCoordinates(svg: string): string {
  return svg.replace(COORDINATES, (_, attribute: string, value: string) => {
    const rounded = value.replace(/-?\d+\.\d{3,}(e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(2))));
    return `${attribute}="${rounded}"`;
  });
}

/** More methods or tasks than this nobody could tell apart, and Vega-Lite's expressions grow with their number. */
export const mostDrawn = 100;

/** Whether there are figures of so many methods and tasks. */
export function isDrawable({ arms, tasks }: ScoreGrid): boolean {
  return arms.length <= mostDrawn && tasks.length <= mostDrawn;
}

/** The figures that the data allows, in the order of the page. */
export function buildFigures(grid: ScoreGrid): readonly Figure[] {
  if (!isDrawable(grid)) return [];
  return [parametersFigure(grid), barsFigure(grid), curvesFigure(grid)].filter((figure) => figure !== undefined);
}
