/** WebAssembly's binary format, as far as one function over an imported memory needs it (core specification 2.0, §5). */

/** A 32-bit integer, with or without sign: a number or an address. */
export const i32 = 0x7f;
/** The type of a vector: four float32 side by side. */
export const v128 = 0x7b;

/** log2 of a vector's alignment in bytes, as memory instructions state it. */
export const ALIGN_VECTOR = 4;
/** log2 of a float32's or an int32's alignment in bytes. */
export const ALIGN_SCALAR = 2;

/** A number as unsigned LEB128, as the binary format writes lengths and indices. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return bytes;
}

/** A 32-bit integer as signed LEB128, as the binary format writes constants. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0);
    bytes.push(done ? byte : byte | 0x80);
    if (done) return bytes;
  }
}

/** Opcodes used in this folder. */
export const op = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  branch: 0x0c,
  branchIf: 0x0d,
  end: 0x0b,
  void: 0x40,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  i32Load: 0x28,
  f32Load: 0x2a,
  f32Store: 0x38,
  i32Const: 0x41,
  i32Add: 0x6a,
  i32Mul: 0x6c,
  i32Eqz: 0x45,
  i32Equal: 0x46,
  i32LessUnsigned: 0x49,
  f32Add: 0x92,
} as const;

/** SIMD opcodes, after their 0xfd prefix. */
export const simd = {
  load: [0xfd, ...unsigned(0x00)],
  loadSplat: [0xfd, ...unsigned(0x09)],
  store: [0xfd, ...unsigned(0x0b)],
  const: [0xfd, ...unsigned(0x0c)],
  abs: [0xfd, ...unsigned(0xe0)],
  neg: [0xfd, ...unsigned(0xe1)],
  sqrt: [0xfd, ...unsigned(0xe3)],
  add: [0xfd, ...unsigned(0xe4)],
  sub: [0xfd, ...unsigned(0xe5)],
  mul: [0xfd, ...unsigned(0xe6)],
  div: [0xfd, ...unsigned(0xe7)],
} as const;

/** A function without results, as instructions. */
export interface WasmFunction {
  /** All parameters are i32. */
  readonly parameters: number;
  /** Types of the locals, numbered after the parameters. */
  readonly locals: readonly number[];
  readonly body: readonly number[];
}

/** Instruction: puts the value of a local on the stack. */
export function get(local: number): number[] {
  return [op.localGet, ...unsigned(local)];
}

/** Instruction: takes the value of a local from the stack. */
export function set(local: number): number[] {
  return [op.localSet, ...unsigned(local)];
}

/** Instruction: puts a number on the stack. */
export function constant(value: number): number[] {
  return [op.i32Const, ...signed(value)];
}

/** Instructions that add a number to an i32 local. */
export function advance(local: number, by: number): number[] {
  return [...get(local), ...constant(by), op.i32Add, ...set(local)];
}

/** Runs until a condition, tested before each round, leaves something other than 0 on the stack. */
export function until(condition: readonly number[], body: readonly number[]): number[] {
  return [
    ...[op.block, op.void, op.loop, op.void],
    ...condition,
    op.branchIf,
    1,
    ...body,
    op.branch,
    0,
    op.end,
    op.end,
  ];
}

/** Instructions that repeat a body while an i32 local is not zero. */
export function whileCounting(local: number, body: readonly number[]): number[] {
  return until([...get(local), op.i32Eqz], body);
}

/** A module that imports memory "host" "memory" and exports the function as "run". */
export function encodeModule({ parameters, locals, body }: WasmFunction): Uint8Array<ArrayBuffer> {
  const groups = locals.flatMap((type) => [...unsigned(1), type]);
  const code = [...unsigned(locals.length), ...groups, ...body, op.end];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [...unsigned(1), 0x60, ...list(Array<number>(parameters).fill(i32)), ...unsigned(0)]),
    ...section(2, [...unsigned(1), ...text('host'), ...text('memory'), 0x02, 0x00, ...unsigned(0)]),
    ...section(3, [...unsigned(1), ...unsigned(0)]),
    ...section(7, [...unsigned(1), ...text('run'), 0x00, ...unsigned(0)]),
    ...section(10, [...unsigned(1), ...list(code)]),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...list(content)];
}

/** A length and as many bytes. */
function list(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function text(value: string): number[] {
  return list([...new TextEncoder().encode(value)]);
}
