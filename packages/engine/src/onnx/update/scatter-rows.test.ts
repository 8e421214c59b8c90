import { expect, test } from 'vitest';
import { ScatterRows } from './scatter-rows.ts';
import { webAssembly } from './web-assembly.ts';

/** A table of three rows, and room for as many rows at once. */
function scatter(width: number, atOnce: number) {
  const memory = new webAssembly.Memory({ initial: 1 });
  const table = new Float32Array(memory.buffer, 64, 3 * width);
  const room = new Float32Array(memory.buffer, 1024, atOnce * (width + 1));
  return { table, rows: new ScatterRows({ memory, table, width, room }) };
}

test.each([0, 1, 2, 4, 7, 8])('rows of one place add up, rows outside are dropped: width %i', (width) => {
  const { table, rows } = scatter(width, 3);
  const given = {
    rows: Float32Array.from({ length: 6 * width }, (_, index) => Math.fround(1 / (index + 1))),
    places: Int32Array.of(2, 2, 3, -1, 0, 2),
  };
  const expected = new Float32Array(3 * width);
  for (const [index, place] of given.places.entries()) {
    if (place < 0 || place > 2) continue;
    for (let column = 0; column < width; column += 1)
      expected[place * width + column]! += given.rows[index * width + column]!;
  }
  rows.add(given);
  expect(table).toEqual(expected);
  rows.clear(given);
  expect(table).toEqual(new Float32Array(3 * width));
});
