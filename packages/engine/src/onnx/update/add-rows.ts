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

/** Parameters, byte addresses but for the two numbers of rows, and then locals. */
const local = { count: 0, table: 1, height: 2, rows: 3, places: 4, to: 5, end: 6 } as const;

const at = [ALIGN_SCALAR, 0] as const;
const oneNumber = { load: [op.f32Load, ...at], add: [op.f32Add], store: [op.f32Store, ...at], bytes: 4 };
const fourNumbers = { load: [...simd.load, ...at], add: simd.add, store: [...simd.store, ...at], bytes: 16 };

/** As machine code run(count, table, height, rows, places): table[places[i]] += rows[i], in order of i. */
export function encodeAddRows(width: number): Uint8Array<ArrayBuffer> {
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
