import type { HostTensor, HostTensors } from '../contracts/tensors.ts';
import { ConfigError } from '../errors.ts';
import { hostTensor } from '../tensor/host-tensor.ts';
import { parseSafetensorsHeader, type SafetensorsEntry } from './safetensors-header.ts';
import { widenBfloat16, widenFloat16 } from './widen-floats.ts';

export interface Safetensors {
  /** In the file's order. */
  readonly tensors: HostTensors;
  readonly metadata: Readonly<Record<string, string>>;
  /** Names of 64-bit integer tensors, which are left out: buffers such as position ids, never weights. */
  readonly skipped: readonly string[];
}

/**
 * Tensors of a safetensors file. F32 and I32 are read as they are, F16 and BF16 widened to float32 exactly, I64
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

/** By where they lie. */
export function inFileOrder(entries: readonly SafetensorsEntry[]): SafetensorsEntry[] {
  return [...entries].sort((a, b) => a.begin - b.begin);
}

/** Copies, because the values of a file need not be aligned to their size. */
function values(bytes: Uint8Array, { name, dtype, begin, end }: SafetensorsEntry, where: string) {
  const { buffer } = Uint8Array.from(bytes.subarray(begin, end));
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'I32':
      return new Int32Array(buffer);
    case 'F16':
      return widenFloat16(new Uint16Array(buffer));
    case 'BF16':
      return widenBfloat16(new Uint16Array(buffer));
    default:
      throw new ConfigError(`${where}: ${name} has dtype ${dtype}; F32, F16, BF16 and I32 can be read, I64 is skipped`);
  }
}
