/** bfloat16 is the upper half of a float32. */
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
