import { encodeAddRows } from './add-rows.ts';
import type { WasmMemory } from './web-assembly.ts';
import { webAssembly } from './web-assembly.ts';

/** Rows, and where each belongs. */
export interface Rows {
  /** [n, width] */
  readonly rows: Float32Array;
  /** [n]: the row of the table that each belongs to. One outside the table is dropped. */
  readonly places: Int32Array;
}

/** Where it happens: three tensors of one memory. */
interface ScatterMemory {
  readonly memory: WasmMemory;
  /** [rows, width], all zero between steps. */
  readonly table: Float32Array;
  readonly width: number;
  /** Room for some rows and their places, through which they pass. */
  readonly room: Float32Array;
}

type AddRows = (count: number, table: number, height: number, rows: number, places: number) => void;

/** Sums rows into a table of zeros, and makes it zero again. */
export class ScatterRows {
  readonly #table: Float32Array;
  readonly #width: number;
  readonly #rows: Float32Array;
  readonly #places: Int32Array;
  readonly #run: AddRows;

  constructor({ memory, table, width, room }: ScatterMemory) {
    const count = Math.floor(room.length / (width + 1));
    this.#table = table;
    this.#width = width;
    this.#rows = room.subarray(0, count * width);
    this.#places = new Int32Array(memory.buffer, room.byteOffset + this.#rows.byteLength, count);
    const module = new webAssembly.Module(encodeAddRows(width));
    const instance = new webAssembly.Instance(module, { host: { memory } });
    this.#run = instance.exports.run as AddRows;
  }

  /** table[places[i]] += rows[i], in order of i. */
  add({ rows, places }: Rows): void {
    const height = this.#table.length / this.#width;
    for (let from = 0; from < places.length; from += this.#places.length) {
      const some = places.subarray(from, from + this.#places.length);
      this.#places.set(some);
      this.#rows.set(rows.subarray(from * this.#width, (from + some.length) * this.#width));
      this.#run(some.length, this.#table.byteOffset, height, this.#rows.byteOffset, this.#places.byteOffset);
    }
  }

  /** table[places[i]] = 0, which undoes `add` on a table of zeros. */
  clear({ places }: Rows): void {
    const [table, width] = [this.#table, this.#width];
    for (const place of places) {
      if (place >= 0 && place * width < table.length) table.fill(0, place * width, (place + 1) * width);
    }
  }
}
