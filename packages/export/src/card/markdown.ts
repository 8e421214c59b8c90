export type Row = readonly [name: string, value: string];

/** A table of two columns; the first row is its head. */
export function table([head, ...rows]: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.join(' | ')} |`;
  return [line(head!), '|---|---|', ...rows.map(line)].join('\n');
}

export const code = (text: string) => `\`${text}\``;
