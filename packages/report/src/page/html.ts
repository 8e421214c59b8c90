import { htmlText } from '@attune/base';
import { armColors } from '../figures/theme.ts';
import type { Cell, Row, Table } from '../tables/table.ts';
import type { Block, Page, RenderedFigure } from './page.ts';
import { PAGE_STYLE } from './page-style.ts';

/** Renders a page as one HTML document that asks for nothing else: styles and figures are inside. */
export function renderHtml(page: Page): string {
  const [result = '', ...rest] = page.summary;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${htmlText(page.title)}</title>
<style>
${PAGE_STYLE}${swatchStyle()}
</style>
</head>
<body>
<header>
<h1>${htmlText(page.title)}</h1>
<p class="question">${htmlText(page.question)}</p>
</header>
<main>
<section class="summary" aria-label="Summary">
<p class="result">${htmlText(result)}</p>
${rest.length > 0 ? `<ul>${rest.map((sentence) => `<li>${htmlText(sentence)}</li>`).join('')}</ul>\n` : ''}</section>
<nav aria-label="Contents">${page.sections.map(({ id, title }) => `<a href="#${id}">${htmlText(title)}</a>`).join(' ')}</nav>
${page.sections.map(renderSection).join('\n')}
</main>
</body>
</html>
`;
}

function renderSection({ id, title, blocks }: Page['sections'][number]): string {
  return `<section id="${htmlText(id)}">\n<h2>${htmlText(title)}</h2>\n${blocks.map(renderBlock).join('\n')}\n</section>`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${htmlText(block.text)}</p>`;
    case 'command':
      return `<pre tabindex="0"><code>${htmlText(block.command)}</code></pre>`;
    case 'facts':
      return `<dl>\n${block.facts.map(({ term, values }) => `<dt>${htmlText(term)}</dt>${values.map((value) => `<dd>${htmlText(value)}</dd>`).join('')}`).join('\n')}\n</dl>`;
    case 'table':
      return renderTable(block.table);
    case 'folded-table':
      return `<details>\n<summary>${htmlText(block.table.caption)}</summary>\n${renderTable(block.table)}\n</details>`;
    case 'figure':
      return renderFigure(block.figure);
    default:
      return block satisfies never;
  }
}

function renderFigure({ title, caption, svg }: RenderedFigure): string {
  return `<figure>\n<div class="scroll" tabindex="0" role="group" aria-label="${htmlText(title)}">${svg.trim()}</div>\n<figcaption><strong>${htmlText(title)}.</strong> ${htmlText(caption)}</figcaption>\n</figure>`;
}

function renderTable({ id, caption, columns, rows, notes }: Table): string {
  const head = columns.map(({ title, align }) => `<th scope="col"${alignment(align)}>${htmlText(title)}</th>`).join('');
  const body = rows.map((row) => renderRow(row, columns)).join('\n');
  const after = notes.length > 0 ? `\n<p class="note">${htmlText(notes.join(' '))}</p>` : '';
  // The caption stands outside the scrolling box, or a phone would cut it off.
  return `<p class="caption" id="caption-${htmlText(id)}">${htmlText(caption)}</p>
<div class="scroll" tabindex="0" role="group" aria-labelledby="caption-${htmlText(id)}">
<table aria-labelledby="caption-${htmlText(id)}">
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody>
</table>
</div>${after}`;
}

function renderRow({ cells, reference, arm }: Row, columns: Table['columns']): string {
  const [header, ...values] = cells;
  const swatch = arm === undefined ? '' : `<i class="swatch arm-${arm % armColors.length}"></i>`;
  const name = `<th scope="row">${swatch}${header === undefined ? '' : renderCell(header)}</th>`;
  const rest = values.map((cell, index) => {
    const classes = [...(columns[index + 1]?.align === 'right' ? ['number'] : []), ...(cell.mark ? [cell.mark] : [])];
    return `<td${classes.length > 0 ? ` class="${classes.join(' ')}"` : ''}>${renderCell(cell)}</td>`;
  });
  return `<tr${reference ? ' class="reference"' : ''}>${name}${rest.join('')}</tr>`;
}

function renderCell({ text, detail, mark }: Cell): string {
  const value = mark === 'best' ? `<strong>${htmlText(text)}</strong>` : htmlText(text);
  return detail === undefined ? value : `${value} <small>${htmlText(detail)}</small>`;
}

function alignment(align: 'left' | 'right'): string {
  return align === 'right' ? ' class="number"' : '';
}

function swatchStyle(): string {
  const rules = (theme: 'light' | 'dark') =>
    armColors.map((color, index) => `.arm-${index}{background:${color[theme]}}`).join('');
  return `${rules('light')}\n@media (prefers-color-scheme:dark){${rules('dark')}}`;
}
