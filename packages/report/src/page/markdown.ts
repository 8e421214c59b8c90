import type { Cell, Row, Table } from '../tables/table.ts';
import type { Block, Page } from './page.ts';

/** Renders a page as GitHub Markdown; figures are links to `figures/<name>.svg`. */
export function renderMarkdown(page: Page): string {
  const [result = '', ...rest] = page.summary;
  const parts = [
    `# ${escapeMarkdown(page.title)}`,
    `*${escapeMarkdown(page.question)}*`,
    `**${escapeMarkdown(result)}**`,
    ...(rest.length > 0 ? [rest.map((sentence) => `- ${escapeMarkdown(sentence)}`).join('\n')] : []),
    ...page.sections.flatMap(({ title, blocks }) => [`## ${escapeMarkdown(title)}`, ...blocks.map(renderBlock)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'text':
      return escapeMarkdown(block.text);
    case 'command':
      return `\`\`\`sh\n${block.command}\n\`\`\``;
    case 'facts':
      return block.facts
        .map(({ term, values }) =>
          values.length === 1
            ? `- ${escapeMarkdown(term)}: ${escapeMarkdown(values[0]!)}`
            : [`- ${escapeMarkdown(term)}:`, ...values.map((value) => `  - ${escapeMarkdown(value)}`)].join('\n'),
        )
        .join('\n');
    case 'table':
    case 'folded-table':
      return renderTable(block.table);
    case 'figure':
      return `![${escapeMarkdown(block.figure.title)}](figures/${block.figure.name}.svg)\n\n${escapeMarkdown(block.figure.caption)}`;
    default:
      return block satisfies never;
  }
}

function renderTable({ caption, columns, rows, notes }: Table): string {
  const lines = [
    `| ${columns.map(({ title }) => escapeMarkdown(title)).join(' | ')} |`,
    `| ${columns.map(({ align }) => (align === 'right' ? '--:' : ':--')).join(' | ')} |`,
    ...rows.map(renderRow),
  ];
  return [
    `**${escapeMarkdown(caption)}**`,
    lines.join('\n'),
    ...(notes.length > 0 ? [escapeMarkdown(notes.join(' '))] : []),
  ].join('\n\n');
}

function renderRow({ cells, reference }: Row): string {
  return `| ${cells.map((cell) => renderCell(cell, reference === true)).join(' | ')} |`;
}

/** Best in bold; set back (not above the majority class, or a reference row) in italics. */
function renderCell({ text, detail, mark }: Cell, reference: boolean): string {
  const value = escapeMarkdown(text);
  const shown =
    value === '' ? '' : mark === 'best' ? `**${value}**` : mark === 'low' || reference ? `*${value}*` : value;
  return detail === undefined ? shown : `${shown} ${escapeMarkdown(detail)}`;
}

/** Data may hold characters that Markdown or its tables would read as markup. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]|<>]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}
