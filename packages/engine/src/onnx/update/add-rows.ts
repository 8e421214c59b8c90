import { encodeModule, i32, op, signed, simd, unsigned } from './wasm-module.ts';

/** Parameters, byte addresses but for the two numbers of rows, and then locals. */
const local = { count: 0, table: 1, height: 2, rows: 3, places: 4, to: 5, end: 6 } as const;

/** Alignment is 4 bytes. */
const WORD = [2, 0] as const;
const oneNumber = { load: [op.f32Load, ...WORD], add: [op.f32Add], store: [op.f32Store, ...WORD], bytes: 4 };
const fourNumbers = { load: [...simd.load, ...WORD], add: simd.add, store: [...simd.store, ...WORD], bytes: 16 };

/** As machine code run(count, table, height, rows, places): table[places[i]] += rows[i], in order of i. */
export function encodeAddRows(width: number): Uint8Array<ArrayBuffer> {
  const rowBytes = width * 4;
  const step = width % 4 === 0 ? fourNumbers : oneNumber;
  const addStep = [
    ...[...get('to'), ...get('to'), ...step.load, ...get('rows'), ...step.load, ...step.add, ...step.store],
    ...[...advance('rows', step.bytes), ...advance('to', step.bytes)],
  ];
  const addRow = [
    ...[...get('table'), ...loadPlace(), ...constant(rowBytes), op.i32Mul, op.i32Add, op.localTee, local.to],
    ...[...constant(rowBytes), op.i32Add, op.localSet, local.end],
    ...[op.block, op.void, op.loop, op.void, ...get('to'), ...get('end'), op.i32Equal, op.branchIf, 1],
    ...[...addStep, op.branch, 0, op.end, op.end],
  ];
  const oneRow = [
    // A negative place is a large one without a sign.
    ...[...loadPlace(), ...get('height'), op.i32LessUnsigned, op.if, op.void],
    ...[...addRow, op.else, ...advance('rows', rowBytes), op.end],
    ...[...advance('places', 4), ...advance('count', -1)],
  ];
  const exitIfDone = [...get('count'), op.i32Eqz, op.branchIf, 1];
  const body = [op.block, op.void, op.loop, op.void, ...exitIfDone, ...oneRow, op.branch, 0, op.end, op.end];
  return encodeModule({ parameters: local.to, locals: [i32, i32], body });
}

function get(name: keyof typeof local): number[] {
  return [op.localGet, ...unsigned(local[name])];
}

function constant(value: number): number[] {
  return [op.i32Const, ...signed(value)];
}

function advance(name: keyof typeof local, by: number): number[] {
  return [...get(name), ...constant(by), op.i32Add, op.localSet, ...unsigned(local[name])];
}

function loadPlace(): number[] {
  return [...get('places'), op.i32Load, ...WORD];
}
