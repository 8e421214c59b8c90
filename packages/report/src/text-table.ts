/** Columns padded to their widest cell: the first `leftAligned` ones (all, unless given) left, the others right. */
export function textTable(rows: readonly (readonly string[])[], leftAligned = Number.POSITIVE_INFINITY): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]!.length));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < leftAligned ? cell.padEnd(width(column)) : cell.padStart(width(column))))
      .join('  ')
      .trimEnd(),
  );
}
