import type { Summary } from './statistics.ts';

/** Title and text of a table's column. */
export type Column<Row> = readonly [title: string, text: (row: Row) => string];

/** Lines of a Markdown table. */
export function markdownRows<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(([title]) => title)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map(([, text]) => text(row)))),
  ];
}

/** Median and, in brackets, the extremes. */
export function spread({ median, min, max }: Summary): string {
  return `${shortMs(median)} (${shortMs(min)}–${shortMs(max)})`;
}

/** Three digits, but no decimals that the clock does not carry. */
export function shortMs(ms: number): string {
  return ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3);
}

export function percent(share: number | undefined): string {
  return share === undefined ? '' : `${(100 * share).toFixed(0)} %`;
}
