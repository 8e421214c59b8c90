import type { ParameterSpec } from '../contracts/model.ts';
import type { HostTensor, HostTensors } from '../contracts/tensors.ts';
import { elementCount } from '../tensor/host-tensor.ts';
import { writeAtomically } from './write-atomically.ts';

const defaultMetadata = { format: 'pt' };

/** What the header says of a tensor. */
type SizedTensor = Pick<HostTensor, 'dtype' | 'shape'> & { readonly data: { readonly byteLength: number } };

/**
 * A safetensors file of named tensors, byte for byte what the reference implementation writes: float32 before int32,
 * names in order, header padded with spaces to a multiple of 8. Equal maps give equal bytes.
 */
export function writeSafetensors(
  tensors: HostTensors,
  metadata: Readonly<Record<string, string>> = defaultMetadata,
): Uint8Array {
  const ordered = fileOrder([...tensors]);
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

/** The length in bytes of the file that `writeSafetensors` makes of float32 tensors with these names and shapes. */
export function safetensorsBytes(specs: readonly Pick<ParameterSpec, 'name' | 'shape'>[]): number {
  const sized = specs.map(({ name, shape }): [string, SizedTensor] => {
    return [name, { dtype: 'float32', shape, data: { byteLength: 4 * elementCount(shape) } }];
  });
  const header = paddedHeader(fileOrder(sized), defaultMetadata);
  return sized.reduce((sum, [, { data }]) => sum + data.byteLength, 8 + header.length);
}

/** `writeSafetensors` into a file, atomically. @throws ConfigError when it cannot be written */
export async function writeSafetensorsFile(path: string, tensors: HostTensors): Promise<void> {
  await writeAtomically(path, writeSafetensors(tensors));
}

function fileOrder<Tensor extends SizedTensor>(tensors: readonly [string, Tensor][]): [string, Tensor][] {
  return [...tensors].sort(([nameA, a], [nameB, b]) => rank(a) - rank(b) || (nameA < nameB ? -1 : 1));
}

function rank({ dtype }: SizedTensor): number {
  return dtype === 'float32' ? 0 : 1;
}

function paddedHeader(ordered: readonly [string, SizedTensor][], metadata: Readonly<Record<string, string>>) {
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
