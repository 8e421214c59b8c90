import type { HostTensor } from '@attune/base';
import type { LoadedTensors } from './load-tensors.ts';

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

/**
 * What a safetensors file says, read in the plainest way and checked in none: a file that the loader accepts must say
 * what the loader gives. Shares no code with the loader.
 */
export function safetensorsOracle(bytes: Uint8Array): LoadedTensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(Buffer.from(bytes.subarray(8, start)).toString('utf8')) as Record<string, Entry>;
  const tensors = new Map<string, HostTensor>();
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(header)) {
    if (name === '__metadata__' || dtype === 'I64') continue;
    const [begin, end] = [start + offsets[0], start + offsets[1]];
    const isInteger = dtype === 'I32';
    const width = dtype === 'F16' || dtype === 'BF16' ? 2 : 4;
    const values = Array.from({ length: (end - begin) / width }, (_, index) =>
      bitsAt(view, begin + width * index, dtype),
    );
    const bits = Uint32Array.from(values);
    const data = isInteger ? new Int32Array(bits.buffer) : new Float32Array(bits.buffer);
    tensors.set(name, { dtype: isInteger ? 'int32' : 'float32', shape, data });
  }
  return tensors;
}

/** The 32 bits that a value has when it is widened. */
function bitsAt(view: DataView, place: number, dtype: string): number {
  if (dtype === 'BF16') return view.getUint16(place, true) * 0x10000;
  if (dtype !== 'F16') return view.getUint32(place, true);
  const half = view.getUint16(place, true);
  const [sign, exponent, fraction] = [half >> 15, (half >> 10) & 31, half & 1023];
  if (exponent === 31) return sign * 2 ** 31 + 255 * 2 ** 23 + fraction * 2 ** 13;
  const value = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  const scratch = new DataView(new ArrayBuffer(4));
  scratch.setFloat32(0, sign === 1 ? -value : value);
  return scratch.getUint32(0);
}
