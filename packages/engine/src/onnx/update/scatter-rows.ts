export interface Rows {
  /** [n, width] */
  readonly rows: Float32Array;
  /** [n]: the row of the table that each belongs to. One outside the table is dropped. */
  readonly places: Int32Array;
}

/** table[places[i]] += rows[i], in order of i. */
export function addRows(table: Float32Array, width: number, { rows, places }: Rows): void {
  for (let index = 0; index < places.length; index += 1) {
    const start = places[index]! * width;
    if (start < 0 || start >= table.length) continue;
    const from = index * width;
    for (let column = 0; column < width; column += 1) {
      table[start + column] = table[start + column]! + rows[from + column]!;
    }
  }
}

/** table[places[i]] = 0, which undoes `addRows` on a table of zeros. */
export function clearRows(table: Float32Array, width: number, { places }: Rows): void {
  for (const place of places) {
    if (place >= 0 && place * width < table.length) table.fill(0, place * width, (place + 1) * width);
  }
}
