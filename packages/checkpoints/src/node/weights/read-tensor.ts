import { crc32 } from 'node:zlib';
import { ConfigError, type HostTensor, hostTensor, sizeOf } from '@attune/base';
import { castToFloat32 } from '../../cast.ts';
import { widenBfloat16, widenFloat16 } from '../../floats.ts';
import { elementBytes, extentBytes, isFloat, type StoredTensor } from '../../stored-tensor.ts';

/** What is cast is read in parts of this many bytes: little beside the values, and few calls. */
const partBytes = 2 ** 22;

/** A tensor in memory with 16-bit floats as they are in the file. */
export interface NarrowTensor {
  readonly dtype: 'F16' | 'BF16';
  readonly shape: readonly number[];
  readonly bits: Uint16Array;
}

/**
 * The values of a stored tensor: I32 as they are, floats as float32 (see `readFloats`).
 *
 * @throws ConfigError for another dtype, a checksum that differs, or a file that cannot be read
 */
export async function readTensor(stored: StoredTensor): Promise<HostTensor> {
  const { name, dtype, shape, file } = stored;
  if (dtype === 'I32') return hostTensor(shape, new Int32Array((await readElements(stored)).buffer));
  if (isFloat(dtype)) return readFloats(stored);
  throw new ConfigError(`${file.path}: ${name} has dtype ${dtype}; floats and I32 can be read, I64 is skipped`);
}

/**
 * The values of a stored tensor of any dtype as float32, see `castToFloat32`. Row-major values are read into their final
 * place, so nothing is held twice.
 *
 * @throws ConfigError for a checksum that differs, or a file that cannot be read
 */
export async function readFloats(stored: StoredTensor): Promise<HostTensor> {
  const { dtype, shape } = stored;
  if (dtype === 'F32') return hostTensor(shape, new Float32Array((await readElements(stored)).buffer));
  if (stored.strides !== undefined) return hostTensor(shape, castToFloat32(dtype, await readElements(stored)));
  return hostTensor(shape, await readCast(stored));
}

/** The bits of an F16 or BF16 tensor, not widened. */
export async function readNarrow(stored: StoredTensor & { readonly dtype: 'F16' | 'BF16' }): Promise<NarrowTensor> {
  const { dtype, shape } = stored;
  return { dtype, shape, bits: new Uint16Array((await readElements(stored)).buffer) };
}

/** 16-bit floats as float32; exact, since each of them is a float32 too. */
export function widen({ dtype, shape, bits }: NarrowTensor): HostTensor {
  return hostTensor(shape, dtype === 'F16' ? widenFloat16(bits) : widenBfloat16(bits));
}

async function readCast(stored: StoredTensor): Promise<Float32Array> {
  const { dtype, begin, file } = stored;
  const width = elementBytes[dtype];
  const values = new Float32Array(sizeOf(stored.shape));
  const part = new Uint8Array(Math.min(partBytes, width * values.length));
  let checksum = 0;
  for (let start = 0; start < values.length; start += part.length / width) {
    const into = values.subarray(start, start + part.length / width);
    const bytes = part.subarray(0, width * into.length);
    await file.readInto(bytes, begin + width * start);
    if (stored.crc32 !== undefined) checksum = crc32(bytes, checksum);
    castToFloat32(dtype, bytes, into);
  }
  checkSum(stored, checksum);
  return values;
}

/** Row-major bytes of a tensor, from whatever order the file has them in. */
export async function readElements(stored: StoredTensor): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await stored.file.read(stored.begin, extentBytes(stored));
  if (stored.crc32 !== undefined) checkSum(stored, crc32(bytes));
  return stored.strides === undefined ? bytes : gathered(stored, stored.strides, bytes);
}

function checkSum({ name, file, crc32: expected }: StoredTensor, actual: number): void {
  if (expected === undefined || expected === actual) return;
  throw new ConfigError(`${file.path}: ${name} is damaged: its checksum is ${actual}, the file says ${expected}`);
}

/** out[i0, i1, …] = bytes[i0 · strides[0] + i1 · strides[1] + …] */
function gathered({ dtype, shape }: StoredTensor, strides: readonly number[], bytes: Uint8Array) {
  const width = elementBytes[dtype];
  const count = sizeOf(shape);
  const out = new Uint8Array(count * width);
  const place = shape.map(() => 0);
  let from = 0;
  for (let index = 0; index < count; index++) {
    for (let byte = 0; byte < width; byte++) out[index * width + byte] = bytes[from * width + byte]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++place[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      place[axis] = 0;
    }
  }
  return out;
}
