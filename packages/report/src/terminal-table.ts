import { plural, shownLine } from '@attune/base';
import { buildScoreGrid, seedsOf } from './analysis/score-grid.ts';
import type { ExperimentResults } from './read-records.ts';
import { notesTable, notesTitle } from './tables/notes-table.ts';
import { scoreTable } from './tables/score-table.ts';
import type { Cell, Table } from './tables/table.ts';

/** How the table fits where it is shown; all may be left out. */
export interface TerminalOptions {
  /** Columns of the terminal. */
  readonly width?: number;
}

/**
 * The score table as plain text for the end of a run; `*` marks the best of a column. What does not fit the width
 * goes in this order: the spreads, then the tasks' own columns.
 */
export function terminalTable(results: ExperimentResults, { width = 80 }: TerminalOptions = {}): string {
  const table = scoreTable(buildScoreGrid(results), seedsOf(results.records).length);
  const last = table.columns.length - 1;
  const everything = table.columns.map((_, column) => column);
  const summaryOnly = [0, 1, last];
  const variants = [
    layOut(table, everything, true),
    layOut(table, everything, false),
    layOut(table, summaryOnly, true),
    layOut(table, summaryOnly, false),
  ];
  const lines = variants.find((variant) => variant.every((line) => line.length <= width)) ?? variants.at(-1)!;
  return `${lines.join('\n')}\n`;
}

/** How many notes the report has on what was drawn, ignored or cut, for the end of a run; undefined where it has none. */
export function terminalNotes(results: ExperimentResults): string | undefined {
  const notes = notesTable(buildScoreGrid(results));
  if (notes === undefined) return undefined;
  return `${plural(notes.rows.length, 'note')} on models and settings: see "${notesTitle}" in the report.`;
}

function layOut({ columns, rows }: Table, shown: readonly number[], details: boolean): readonly string[] {
  const header = shown.map((column) => shownLine(columns[column]!.title));
  const body = rows.map(({ cells }) => shown.map((column) => cellText(cells[column]!, details)));
  const widths = header.map((title, column) => Math.max(title.length, ...body.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((value, column) => (column === 0 ? value.padEnd(widths[column]!) : value.padStart(widths[column]!)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((length) => '─'.repeat(length)).join('  ');
  const references = rows.filter((row) => row.reference).length;
  const competing = body.slice(0, body.length - references);
  return [line(header), rule, ...competing.map(line), rule, ...body.slice(competing.length).map(line)];
}

/** The mark has its own column of characters, so that decimals stay aligned. */
function cellText({ text, detail, mark }: Cell, details: boolean): string {
  const spread = details && detail !== undefined ? ` ${detail}` : '';
  return `${shownLine(text)}${spread}${mark === 'best' ? '*' : ' '}`;
}
