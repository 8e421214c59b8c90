import { widenBfloat16, widenFloat16 } from './floats.ts';
import { elementBytes, type StoredDtype } from './stored-tensor.ts';

/** Elements as a file has them: little-endian, at an offset that is a multiple of their size. */
type Cast = (bytes: Uint8Array<ArrayBuffer>, into: Float32Array<ArrayBuffer>) => void;

type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array;
type TypedArrayClass = new (buffer: ArrayBuffer, byteOffset: number, length: number) => TypedArray;

/** A typed array's own conversion to float32 rounds to nearest, ties to even, as PyTorch's does. */
function numbers(elements: TypedArrayClass): Cast {
  return (bytes, into) => into.set(new elements(bytes.buffer, bytes.byteOffset, into.length));
}

const casts: Readonly<Record<StoredDtype, Cast>> = {
  F32: numbers(Float32Array),
  F64: numbers(Float64Array),
  F16: (bytes, into) => void widenFloat16(halves(bytes, into), bitsOf(into)),
  BF16: (bytes, into) => void widenBfloat16(halves(bytes, into), bitsOf(into)),
  F8_E4M3: (bytes, into) => into.set(Array.from(bytes, float8)),
  // The upper byte of a half.
  F8_E5M2: (bytes, into) =>
    void widenFloat16(
      Uint16Array.from(bytes, (byte) => byte << 8),
      bitsOf(into),
    ),
  I8: numbers(Int8Array),
  I16: numbers(Int16Array),
  I32: numbers(Int32Array),
  U8: numbers(Uint8Array),
  U16: numbers(Uint16Array),
  U32: numbers(Uint32Array),
  I64: (bytes, into) => setLong(new BigInt64Array(bytes.buffer, bytes.byteOffset, into.length), into),
  U64: (bytes, into) => setLong(new BigUint64Array(bytes.buffer, bytes.byteOffset, into.length), into),
  BOOL: (bytes, into) => into.set(bytes.map((byte) => Math.min(byte, 1))),
};

/**
 * Values of any dtype as float32, as `tensor.to(torch.float32)` gives them: what float32 cannot hold is rounded to
 * nearest, ties to even, and beyond its range it is infinite; truth values are 0 and 1.
 *
 * @param bytes  row-major elements; its offset in its buffer is a multiple of their size
 * @param into   one place for each element
 */
export function castToFloat32(
  dtype: StoredDtype,
  bytes: Uint8Array<ArrayBuffer>,
  into: Float32Array<ArrayBuffer> = new Float32Array(bytes.length / elementBytes[dtype]),
): Float32Array<ArrayBuffer> {
  casts[dtype](bytes, into);
  return into;
}

/** 1 sign bit, 4 exponent bits (bias 7), 3 fraction bits; no infinities, all ones is NaN (Micikevicius et al. 2022). */
function float8(bits: number): number {
  const [exponent, fraction] = [(bits >> 3) & 0xf, bits & 7];
  const sign = bits & 0x80 ? -1 : 1;
  if ((bits & 0x7f) === 0x7f) return Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -9 : (1 + fraction / 8) * 2 ** (exponent - 7));
}

/** A float64 in between would round twice; below 2^53 it is exact, above it the lowest bit stands for all below it. */
function setLong(values: BigInt64Array | BigUint64Array, into: Float32Array): void {
  for (const [index, value] of values.entries()) {
    const upper = value >> 16n;
    const isExact = value === BigInt(Number(value));
    const rest = upper << 16n === value ? 0n : 1n;
    into[index] = isExact ? Number(value) : Number(upper | rest) * 2 ** 16;
  }
}

function halves({ buffer, byteOffset }: Uint8Array<ArrayBuffer>, { length }: Float32Array): Uint16Array {
  return new Uint16Array(buffer, byteOffset, length);
}

function bitsOf({ buffer, byteOffset, length }: Float32Array<ArrayBuffer>): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length);
}
