/**
 * bfloat16 as float32, of which it is the upper half: 1 sign bit, 8 exponent bits, 7 fraction bits. Exact, NaN payloads
 * included.
 */
export function widenBfloat16(bits: Uint16Array, into: Uint32Array = new Uint32Array(bits.length)): Float32Array {
  for (let index = 0; index < bits.length; index++) into[index] = bits[index]! << 16;
  return floatsOf(into);
}

/** IEEE 754 half precision: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. Exact, NaN payloads included. */
export function widenFloat16(bits: Uint16Array, into: Uint32Array = new Uint32Array(bits.length)): Float32Array {
  const table = halfTable();
  for (let index = 0; index < bits.length; index++) into[index] = table[bits[index]!]!;
  return floatsOf(into);
}

let cachedTable: Uint32Array | undefined;

/** The float32 of each of the 65,536 halves: 256 KiB. */
function halfTable(): Uint32Array {
  cachedTable ??= Uint32Array.from({ length: 0x10000 }, (_, bits) => halfToFloatBits(bits));
  return cachedTable;
}

function halfToFloatBits(bits: number): number {
  const sign = (bits & 0x8000) << 16;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  return sign | floatBits(fraction * 2 ** -24);
}

function floatBits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!;
}

function floatsOf({ buffer, byteOffset, length }: Uint32Array): Float32Array {
  return new Float32Array(buffer, byteOffset, length);
}

/** Upper halves of float32 values, rounded to nearest, ties to even. NaN stays NaN; widened bfloat16 comes back as it was. */
export function narrowToBfloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = bitsOf(values);
  const narrow = new Uint16Array(values.length);
  for (let index = 0; index < bits.length; index++) narrow[index] = toBfloat16(bits[index]!);
  return narrow;
}

function toBfloat16(bits: number): number {
  const isNotANumber = (bits & 0x7fffffff) > 0x7f800000;
  // A payload that is in the lower half alone would leave infinity.
  if (isNotANumber) return bits & 0x7f0000 ? bits >>> 16 : (bits >>> 16) | 0x40;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/**
 * IEEE 754 half precision of float32 values, rounded to nearest, ties to even; beyond 65,504 infinity. NaN stays NaN;
 * widened halves come back as they were.
 */
export function narrowToFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = bitsOf(values);
  const narrow = new Uint16Array(values.length);
  for (let index = 0; index < bits.length; index++) narrow[index] = toFloat16(bits[index]!);
  return narrow;
}

function toFloat16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7c00 | ((magnitude >>> 13) & 0x3ff || 0x200);
  // 65,520, half-way to the next half above the largest one, and infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) return sign | subnormal(magnitude);
  const rebiased = magnitude - (112 << 23);
  return sign | ((rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13);
}

/** Multiples of 2^-24; a float64 holds the quotient exactly. */
function subnormal(magnitude: number): number {
  const quotient = new Float32Array(Uint32Array.of(magnitude).buffer)[0]! * 2 ** 24;
  const below = Math.floor(quotient);
  const rest = quotient - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

function bitsOf({ buffer, byteOffset, length }: Float32Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length);
}
