import { markdownBlock, markdownText } from '@attune/base';
import type { Cell, Row, Table } from '../tables/table.ts';
import type { Block, Page } from './page.ts';

/** Renders a page as GitHub Markdown; figures are links to `figures/<name>.svg`. */
export function renderMarkdown(page: Page): string {
  const [result = '', ...rest] = page.summary;
  const parts = [
    `# ${markdownText(page.title)}`,
    `*${markdownText(page.question)}*`,
    `**${markdownText(result)}**`,
    ...(rest.length > 0 ? [rest.map((sentence) => `- ${markdownText(sentence)}`).join('\n')] : []),
    ...page.sections.flatMap(({ title, blocks }) => [`## ${markdownText(title)}`, ...blocks.map(renderBlock)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'text':
      return markdownText(block.text);
    case 'command':
      return markdownBlock(block.command, 'sh');
    case 'facts':
      return block.facts
        .map(({ term, values }) =>
          values.length === 1
            ? `- ${markdownText(term)}: ${markdownText(values[0]!)}`
            : [`- ${markdownText(term)}:`, ...values.map((value) => `  - ${markdownText(value)}`)].join('\n'),
        )
        .join('\n');
    case 'table':
    case 'folded-table':
      return renderTable(block.table);
    case 'figure':
      return `![${markdownText(block.figure.title)}](figures/${block.figure.name}.svg)\n\n${markdownText(block.figure.caption)}`;
    default:
      return block satisfies never;
  }
}

function renderTable({ caption, columns, rows, notes }: Table): string {
  const lines = [
    `| ${columns.map(({ title }) => markdownText(title)).join(' | ')} |`,
    `| ${columns.map(({ align }) => (align === 'right' ? '--:' : ':--')).join(' | ')} |`,
    ...rows.map(renderRow),
  ];
  return [
    `**${markdownText(caption)}**`,
    lines.join('\n'),
    ...(notes.length > 0 ? [markdownText(notes.join(' '))] : []),
  ].join('\n\n');
}

function renderRow({ cells, reference }: Row): string {
  return `| ${cells.map((cell) => renderCell(cell, reference === true)).join(' | ')} |`;
}

/** Best in bold; set back (not above the majority class, or a reference row) in italics. */
function renderCell({ text, detail, mark }: Cell, reference: boolean): string {
  const value = markdownText(text);
  const shown =
    value === '' ? '' : mark === 'best' ? `**${value}**` : mark === 'low' || reference ? `*${value}*` : value;
  return detail === undefined ? shown : `${shown} ${markdownText(detail)}`;
}
