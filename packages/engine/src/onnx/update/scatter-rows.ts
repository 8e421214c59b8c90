import {
  ALIGN_SCALAR,
  advance,
  constant,
  encodeModule,
  get,
  i32,
  op,
  set,
  simd,
  until,
  whileCounting,
} from './wasm-module.ts';
import { type WasmMemory, webAssembly } from './web-assembly.ts';

/** Parameters, byte addresses but for the two numbers of rows, and then locals. */
const local = { count: 0, table: 1, height: 2, rows: 3, places: 4, to: 5, end: 6 } as const;

const at = [ALIGN_SCALAR, 0] as const;
const oneNumber = { load: [op.f32Load, ...at], add: [op.f32Add], store: [op.f32Store, ...at], bytes: 4 };
const fourNumbers = { load: [...simd.load, ...at], add: simd.add, store: [...simd.store, ...at], bytes: 16 };

/** As machine code run(count, table, height, rows, places): table[places[i]] += rows[i], in order of i. */
function encodeAddRows(width: number): Uint8Array<ArrayBuffer> {
  const rowBytes = width * 4;
  const step = width % 4 === 0 ? fourNumbers : oneNumber;
  const place = [...get(local.places), op.i32Load, ...at];
  const addStep = [
    ...[...get(local.to), ...get(local.to), ...step.load, ...get(local.rows), ...step.load, ...step.add, ...step.store],
    ...[...advance(local.rows, step.bytes), ...advance(local.to, step.bytes)],
  ];
  const addRow = [
    ...[...get(local.table), ...place, ...constant(rowBytes), op.i32Mul, op.i32Add, op.localTee, local.to],
    ...[...constant(rowBytes), op.i32Add, ...set(local.end)],
    ...until([...get(local.to), ...get(local.end), op.i32Equal], addStep),
  ];
  const oneRow = [
    // A negative place is a large one without a sign.
    ...[...place, ...get(local.height), op.i32LessUnsigned, op.if, op.void],
    ...[...addRow, op.else, ...advance(local.rows, rowBytes), op.end],
    ...[...advance(local.places, 4), ...advance(local.count, -1)],
  ];
  return encodeModule({ parameters: local.to, locals: [i32, i32], body: whileCounting(local.count, oneRow) });
}

/** Rows, and where each belongs. */
interface Rows {
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
