import type { HostTensor, HostTensors } from '../contracts/tensors.ts';
import { writeAtomically } from './write-atomically.ts';

/**
 * A safetensors file of named tensors, byte for byte what the reference implementation writes: float32 before int32,
 * names in order, header padded with spaces to a multiple of 8. Equal maps give equal bytes.
 */
export function writeSafetensors(
  tensors: HostTensors,
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Uint8Array {
  const ordered = [...tensors].sort(([nameA, a], [nameB, b]) => rank(a) - rank(b) || (nameA < nameB ? -1 : 1));
  const header = paddedHeader(ordered, metadata);
  const total = ordered.reduce((sum, [, { data }]) => sum + data.byteLength, 8 + header.length);
  const bytes = new Uint8Array(total);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  let offset = 8 + header.length;
  for (const [, { data }] of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/** `writeSafetensors` into a file, atomically. @throws ConfigError when it cannot be written */
export async function writeSafetensorsFile(path: string, tensors: HostTensors): Promise<void> {
  await writeAtomically(path, writeSafetensors(tensors));
}

function rank({ dtype }: HostTensor): number {
  return dtype === 'float32' ? 0 : 1;
}

function paddedHeader(ordered: readonly [string, HostTensor][], metadata: Readonly<Record<string, string>>) {
  let offset = 0;
  const entries = ordered.map(([name, { dtype, shape, data }]) => {
    const begin = offset;
    offset += data.byteLength;
    return [name, { dtype: dtype === 'float32' ? 'F32' : 'I32', shape, data_offsets: [begin, offset] }] as const;
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries([['__metadata__', metadata], ...entries])));
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  padded.set(json);
  return padded;
}
