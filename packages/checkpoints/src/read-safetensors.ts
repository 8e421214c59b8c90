import {
  ConfigError,
  checkWith,
  type HostTensor,
  type HostTensors,
  hostTensor,
  parseJsonText,
  sizeOf,
  utf8Text,
} from '@attune/base';
import { z } from 'zod';
import { castToFloat32 } from './cast.ts';
import { elementBytes, isFloat, type StoredDtype } from './stored-tensor.ts';

interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  /** Byte range in the file. */
  readonly begin: number;
  readonly end: number;
}

/** Bytes at the start of a file that give the length of its header, little-endian. */
export const lengthBytes = 8;
/** The limit of the reference implementation. */
const maxHeaderBytes = 100_000_000;

const natural = z.int().min(0);
const headerSchema = z.record(
  z.string(),
  z.strictObject({ dtype: z.string(), shape: z.array(natural), data_offsets: z.tuple([natural, natural]) }),
);
const metadataSchema = z.record(z.string(), z.string());

/**
 * Reads and checks the header of a safetensors file: 8 bytes of little-endian length, JSON of that length, then the
 * values, which must cover the rest of the file without gap or overlap. A file that passes can be read without
 * leaving its bounds.
 *
 * @param bytes     the file, or as much of it as holds the header
 * @param where     names the file in messages
 * @param fileSize  bytes of the whole file
 * @throws ConfigError with the file and the reason
 */
export function parseSafetensorsHeader(
  bytes: Uint8Array,
  where: string,
  fileSize = bytes.length,
): { readonly entries: readonly SafetensorsEntry[]; readonly metadata: Readonly<Record<string, string>> } {
  const dataStart = lengthBytes + headerLength(bytes, where, fileSize);
  const { __metadata__: metadata = {}, ...rest } = headerJson(bytes.subarray(lengthBytes, dataStart), where);
  // The schema would leave it out in silence.
  if (Object.hasOwn(rest, '__proto__')) throw refusal(where, 'header entry __proto__: no tensor can have that name');
  const { problems, value: header } = checkWith(headerSchema, rest);
  if (problems !== undefined) throw refusal(where, `header entry ${problems[0]}`);
  const entries = Object.entries(header).map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [begin, end],
      },
    ]) => checkedEntry({ name, dtype, shape, begin: dataStart + begin, end: dataStart + end }, where),
  );
  checkCoverage(entries, { dataStart, fileSize, where });
  const checkedMetadata = metadataSchema.safeParse(metadata);
  if (!checkedMetadata.success) throw refusal(where, '__metadata__ must map strings to strings');
  return { entries, metadata: checkedMetadata.data };
}

/**
 * Bytes of the JSON header, from the first 8 of the file.
 *
 * @throws ConfigError when the file cannot have a header of that length
 */
export function headerLength(bytes: Uint8Array, where: string, fileSize: number): number {
  if (fileSize < lengthBytes) {
    throw refusal(where, `truncated: ${fileSize} bytes, not even the ${lengthBytes} of the header's length`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getBigUint64(0, true);
  if (length > maxHeaderBytes) {
    throw refusal(where, `the header claims ${length} bytes, more than the format's limit of ${maxHeaderBytes}`);
  }
  if (lengthBytes + Number(length) > fileSize) {
    throw refusal(where, `truncated: the header claims ${length} bytes, the file has ${fileSize} in all`);
  }
  return Number(length);
}

function headerJson(header: Uint8Array, where: string): Record<string, unknown> {
  let json: unknown;
  try {
    // The format forbids a name that stands twice.
    json = parseJsonText(utf8Text(header), 'refused');
  } catch (error) {
    throw refusal(where, `the header is not JSON: ${(error as Error).message}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw refusal(where, 'the header is not a JSON object');
  }
  return json as Record<string, unknown>;
}

function checkedEntry(
  entry: Omit<SafetensorsEntry, 'dtype'> & { readonly dtype: string },
  where: string,
): SafetensorsEntry {
  const { name, dtype, shape, begin, end } = entry;
  if (!Object.hasOwn(elementBytes, dtype)) {
    throw refusal(where, `${name}: unknown dtype ${dtype}; known: ${Object.keys(elementBytes).join(', ')}`);
  }
  const needed = sizeOf(shape) * elementBytes[dtype as StoredDtype];
  if (end - begin !== needed) {
    throw refusal(where, `${name}: shape [${shape.join(', ')}] of ${dtype} needs ${needed} bytes, has ${end - begin}`);
  }
  return { ...entry, dtype: dtype as StoredDtype };
}

function checkCoverage(
  entries: readonly SafetensorsEntry[],
  file: { readonly dataStart: number; readonly fileSize: number; readonly where: string },
): void {
  let reached = file.dataStart;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < reached)
      throw refusal(file.where, `${name}: overlaps the tensor before it by ${reached - begin} bytes`);
    if (begin > reached) throw refusal(file.where, `${name}: ${begin - reached} bytes before it belong to no tensor`);
    if (end > file.fileSize) {
      throw refusal(file.where, `truncated: ${name} ends at byte ${end}, the file has ${file.fileSize}`);
    }
    reached = end;
  }
  if (reached < file.fileSize) {
    throw refusal(file.where, `the last ${file.fileSize - reached} bytes belong to no tensor`);
  }
}

function refusal(where: string, reason: string): ConfigError {
  return new ConfigError(`${where}: not a usable safetensors file: ${reason}`);
}

/** The content of a safetensors file. */
export interface Safetensors {
  /** In the file's order. */
  readonly tensors: HostTensors;
  readonly metadata: Readonly<Record<string, string>>;
  /** Names of 64-bit integer tensors, which are left out: buffers such as position ids, never weights. */
  readonly skipped: readonly string[];
}

/**
 * Tensors of a safetensors file. I32 is read as it is, floats of any width as float32 (see `castToFloat32`), I64 is
 * skipped.
 *
 * @param where  names the file in messages
 * @throws ConfigError for a malformed file or another dtype
 */
export function readSafetensors(bytes: Uint8Array, where = 'safetensors'): Safetensors {
  const { entries, metadata } = parseSafetensorsHeader(bytes, where);
  const tensors = new Map<string, HostTensor>();
  const skipped: string[] = [];
  for (const entry of inFileOrder(entries)) {
    if (entry.dtype === 'I64') skipped.push(entry.name);
    else tensors.set(entry.name, hostTensor(entry.shape, values(bytes, entry, where)));
  }
  return { tensors, metadata, skipped };
}

/** Stored tensors in the order in which they lie in their file. */
export function inFileOrder(entries: readonly SafetensorsEntry[]): SafetensorsEntry[] {
  return [...entries].sort((a, b) => a.begin - b.begin);
}

/** Copies, because the values of a file need not be aligned to their size. */
function values(bytes: Uint8Array, { name, dtype, begin, end }: SafetensorsEntry, where: string) {
  const copy = Uint8Array.from(bytes.subarray(begin, end));
  if (dtype === 'F32') return new Float32Array(copy.buffer);
  if (dtype === 'I32') return new Int32Array(copy.buffer);
  if (isFloat(dtype)) return castToFloat32(dtype, copy);
  throw new ConfigError(`${where}: ${name} has dtype ${dtype}; floats and I32 can be read, I64 is skipped`);
}
