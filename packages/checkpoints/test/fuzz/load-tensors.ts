import type { HostTensor } from '@attune/base';
import { openWeights } from '../../src/node/weights/open-weights.ts';
import { readTensor } from '../../src/node/weights/read-tensor.ts';
import { weightsLayout } from '../../src/node/weights/weights-file.ts';

export type LoadedTensors = ReadonlyMap<string, HostTensor>;

/** Every tensor of a directory's weights that is no 64-bit integer, whatever model they are of. */
export async function loadTensors(directory: string, present: readonly string[]): Promise<LoadedTensors> {
  const { stored, close } = await openWeights(directory, await weightsLayout(directory, present));
  try {
    const tensors = new Map<string, HostTensor>();
    for (const tensor of stored) if (tensor.dtype !== 'I64') tensors.set(tensor.name, await readTensor(tensor));
    return tensors;
  } finally {
    await close();
  }
}

/** Throws when two maps differ in a name, a shape, a dtype or a bit. */
export function requireEqual(actual: LoadedTensors, expected: LoadedTensors): void {
  const names = (tensors: LoadedTensors) => [...tensors.keys()].sort().join();
  if (names(actual) !== names(expected)) throw new Error(`names: ${names(actual)}; expected ${names(expected)}`);
  for (const [name, { dtype, shape, data }] of actual) {
    const other = expected.get(name)!;
    const isSame = dtype === other.dtype && shape.join() === other.shape.join() && sameBits(data, other.data);
    if (!isSame)
      throw new Error(`${name}: ${dtype} [${shape}] is not what was expected, ${other.dtype} [${other.shape}]`);
  }
}

function sameBits(a: HostTensor['data'], b: HostTensor['data']): boolean {
  const bytes = ({ buffer, byteOffset, byteLength }: HostTensor['data']) => Buffer.from(buffer, byteOffset, byteLength);
  return bytes(a).equals(bytes(b));
}
