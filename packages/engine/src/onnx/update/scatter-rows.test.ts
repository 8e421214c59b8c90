import { expect, test } from 'vitest';
import { addRows, clearRows } from './scatter-rows.ts';

test('rows of one place add up, rows outside are dropped, and clearing leaves zeros', () => {
  const table = new Float32Array(6);
  const rows = { rows: Float32Array.of(1, 2, 10, 20, 5, 5, 7, 7), places: Int32Array.of(2, 2, 3, -1) };
  addRows(table, 2, rows);
  expect([...table]).toEqual([0, 0, 0, 0, 11, 22]);
  clearRows(table, 2, rows);
  expect([...table]).toEqual([0, 0, 0, 0, 0, 0]);
});
