import { sizeOf } from '@attune/base';

/** Bytes per element of the dtypes that files have, under safetensors' names. */
export const elementBytes = {
  ...{ BOOL: 1, U8: 1, I8: 1, F8_E4M3: 1, F8_E5M2: 1, I16: 2, U16: 2, F16: 2, BF16: 2 },
  ...{ I32: 4, U32: 4, F32: 4, I64: 8, U64: 8, F64: 8 },
} as const;

/** A dtype by the name that safetensors files have for it. */
export type StoredDtype = keyof typeof elementBytes;

/** The dtypes that weights are written as; those that are read are any. */
const weightDtypes = ['F32', 'F16', 'BF16'] as const;
/** A dtype that weights are written as. */
export type WeightDtype = (typeof weightDtypes)[number];

/** Whether weights are written as that dtype. */
export function isWeightDtype(dtype: StoredDtype): dtype is WeightDtype {
  return (weightDtypes as readonly string[]).includes(dtype);
}

/** Whether values of that dtype are numbers with a fraction; integers are buffers mostly, such as position ids. */
export function isFloat(dtype: StoredDtype): boolean {
  return /^B?F\d/.test(dtype);
}

/** `float32` for F32, as messages say it. */
export function dtypeName(dtype: StoredDtype): string {
  return dtype
    .replace(/^BF/, 'bfloat')
    .replace(/^F/, 'float')
    .replace(/^U(?=\d)/, 'uint')
    .replace(/^I/, 'int')
    .toLowerCase();
}

/** Bytes that are read at positions, so that no more of them is in memory than was asked for. */
export interface WeightsSource {
  /** Names it in messages. */
  readonly path: string;
  readonly size: number;
  /** Fills the bytes from this position on. @throws ConfigError when it ends before */
  readInto(bytes: Uint8Array, position: number): Promise<void>;
  /** @throws ConfigError when it ends before, without making room for what it has not */
  read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Where a file has a tensor; nothing of its values is in memory. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  readonly file: WeightsSource;
  /** Byte of its first element in the file. */
  readonly begin: number;
  /** In elements, one for each dimension; row-major when absent. */
  readonly strides?: readonly number[];
  /** CRC-32 of the values, where the file has one for exactly this range. */
  readonly crc32?: number;
}

/** Bytes from the first element to behind the last one. */
export function extentBytes({ dtype, shape, strides }: Pick<StoredTensor, 'dtype' | 'shape' | 'strides'>): number {
  const count = sizeOf(shape);
  if (strides === undefined || count === 0) return count * elementBytes[dtype];
  return (1 + shape.reduce((last, size, axis) => last + (size - 1) * strides[axis]!, 0)) * elementBytes[dtype];
}
