import * as vega from 'vega';
import { compile } from 'vega-lite';
import type { Figure } from './figure.ts';
import { darkRules } from './theme.ts';

/**
 * Renders a figure to one SVG document that reads on light and dark pages. The bytes depend on the specification
 * alone: text is measured by vega's estimate even where a canvas is installed, and coordinates keep two decimals.
 */
export async function renderSvg({ name, title, caption, spec }: Figure): Promise<string> {
  textMetrics.canvas(false);
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: 'none' });
  const svg = roundCoordinates(await view.toSVG());
  view.finalize();
  const id = `figure-${name}`;
  const head = `<title>${escapeXml(title)}</title><desc>${escapeXml(caption)}</desc><style>${darkRules(`#${id}`)}</style>`;
  return `${svg.replace('<svg ', `<svg id="${id}" role="img" `).replace(/^(<svg [^>]*>)/, `$1${head}`)}\n`;
}

/** Exported by vega, absent from its types. */
const { textMetrics } = vega as unknown as { textMetrics: { canvas(use: boolean): void } };

const COORDINATES = /\b(transform|d|x1|x2|y1|y2|width|height|viewBox)="([^"]*)"/g;

function roundCoordinates(svg: string): string {
  return svg.replace(COORDINATES, (_, attribute: string, value: string) => {
    const rounded = value.replace(/-?\d+\.\d{3,}(e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(2))));
    return `${attribute}="${rounded}"`;
  });
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
