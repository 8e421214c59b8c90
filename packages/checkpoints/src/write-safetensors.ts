import { type HostTensor, type HostTensors, ShapeError, sizeOf } from '@attune/base';
import type { ParameterSpec } from '@attune/core';
import { narrowToBfloat16, narrowToFloat16 } from './floats.ts';
import { elementBytes, type WeightDtype } from './stored-tensor.ts';

/** How tensors are written; all may be left out. */
export interface SafetensorsOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  /** What floats are stored as, rounded to nearest; F32 where a tensor has no entry. */
  readonly dtypes?: ReadonlyMap<string, WeightDtype>;
  /** Which tensors to write; all when absent. */
  readonly names?: readonly string[];
}

const defaultMetadata = { format: 'pt' };

/** What the header says of a tensor. */
interface Entry {
  readonly name: string;
  readonly dtype: WeightDtype | 'I32';
  readonly shape: readonly number[];
  readonly byteLength: number;
}

/** The order of dtypes in the reference implementation's files. */
const dtypeOrder: readonly Entry['dtype'][] = ['F32', 'I32', 'BF16', 'F16'];

/**
 * A safetensors file of named tensors, byte for byte what the reference implementation writes: float32 before int32
 * before 16-bit floats, names in order, header padded with spaces to a multiple of 8. Equal maps give equal bytes.
 */
export function writeSafetensors(
  tensors: HostTensors,
  metadata: Readonly<Record<string, string>> = defaultMetadata,
): Uint8Array {
  const parts = [...safetensorsParts(tensors, { metadata })];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** The length in bytes of the file that `writeSafetensors` makes of float32 tensors with these names and shapes. */
export function safetensorsBytes(specs: readonly Pick<ParameterSpec, 'name' | 'shape'>[]): number {
  const entries = specs.map(({ name, shape }) => entryOf(name, { dtype: 'float32', shape }));
  return start(inFileOrder(entries), defaultMetadata).length + sum(entries);
}

/** Named tensors that may be made when they are asked for. */
export type TensorSource = Pick<HostTensors, 'keys' | 'get'>;

/** The file in parts: length and header, then each tensor's values. */
export function* safetensorsParts(tensors: TensorSource, options: SafetensorsOptions): Generator<Uint8Array> {
  const entries = inFileOrder(entriesOf(tensors, options));
  yield start(entries, options.metadata ?? defaultMetadata);
  for (const { name, dtype } of entries) yield valueBytes(tensors.get(name)!, dtype);
}

function entriesOf(tensors: TensorSource, { dtypes, names = [...tensors.keys()] }: SafetensorsOptions): Entry[] {
  // By name, one at a time: a map may make its tensors when asked.
  return names.map((name) => entryOf(name, tensors.get(name)!, dtypes?.get(name)));
}

function entryOf(name: string, { dtype, shape }: Pick<HostTensor, 'dtype' | 'shape'>, as?: WeightDtype): Entry {
  const stored = dtype === 'int32' ? 'I32' : (as ?? 'F32');
  return { name, dtype: stored, shape, byteLength: sizeOf(shape) * elementBytes[stored] };
}

function inFileOrder(entries: readonly Entry[]): Entry[] {
  const rank = ({ dtype }: Entry) => dtypeOrder.indexOf(dtype);
  return [...entries].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function valueBytes({ data }: HostTensor, dtype: Entry['dtype']): Uint8Array {
  const { buffer, byteOffset, byteLength } = narrowed(data, dtype);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function narrowed(data: HostTensor['data'], dtype: Entry['dtype']) {
  if (dtype === 'F32' || dtype === 'I32') return data;
  if (!(data instanceof Float32Array)) throw new ShapeError(`safetensors: expected floats for ${dtype}, got integers`);
  return dtype === 'F16' ? narrowToFloat16(data) : narrowToBfloat16(data);
}

function sum(entries: readonly Entry[]): number {
  return entries.reduce((total, { byteLength }) => total + byteLength, 0);
}

/** 8 bytes of length and the header. */
function start(ordered: readonly Entry[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let offset = 0;
  const entries = ordered.map(({ name, dtype, shape, byteLength }) => {
    const begin = offset;
    offset += byteLength;
    return [name, { dtype, shape, data_offsets: [begin, offset] }] as const;
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries([['__metadata__', metadata], ...entries])));
  const bytes = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(bytes.length - 8), true);
  bytes.set(json, 8);
  return bytes;
}
