import type { HostTensor } from '@attune/base';
import { writePartsAtomically } from '@attune/base/node';
import {
  headerLength,
  inFileOrder,
  lengthBytes,
  parseSafetensorsHeader,
  type Safetensors,
} from '../read-safetensors.ts';
import type { StoredTensor } from '../stored-tensor.ts';
import { type SafetensorsOptions, safetensorsParts, type TensorSource } from '../write-safetensors.ts';
import { readTensor } from './weights/read-tensor.ts';
import { WeightsFile } from './weights/weights-file.ts';

/**
 * `readSafetensors` of a file, which is read one tensor at a time and never whole in memory.
 *
 * @throws ConfigError when the file cannot be read or is malformed
 */
export async function readSafetensorsFile(path: string): Promise<Safetensors> {
  const file = await WeightsFile.open(path);
  try {
    const { stored, metadata } = await listSafetensors(file);
    const tensors = new Map<string, HostTensor>();
    const skipped = stored.filter(({ dtype }) => dtype === 'I64').map(({ name }) => name);
    for (const tensor of stored.filter(({ dtype }) => dtype !== 'I64')) {
      tensors.set(tensor.name, await readTensor(tensor));
    }
    return { tensors, metadata, skipped };
  } finally {
    await file.close();
  }
}

/**
 * What a safetensors file has, in its order; only the header is read.
 *
 * @throws ConfigError when it is malformed
 */
export async function listSafetensors(
  file: WeightsFile,
): Promise<{ readonly stored: readonly StoredTensor[]; readonly metadata: Readonly<Record<string, string>> }> {
  const { path, size } = file;
  const start = await file.read(0, Math.min(lengthBytes, size));
  const header = await file.read(0, lengthBytes + headerLength(start, path, size));
  const { entries, metadata } = parseSafetensorsHeader(header, path, size);
  const stored = inFileOrder(entries).map(({ name, dtype, shape, begin }) => ({ name, dtype, shape, begin, file }));
  return { stored, metadata };
}

/**
 * Writes a safetensors file, one tensor at a time; the file is whole or not there.
 *
 * @throws ConfigError when it cannot be written
 */
export async function writeSafetensorsFile(
  path: string,
  tensors: TensorSource,
  options: SafetensorsOptions = {},
): Promise<void> {
  await writePartsAtomically(path, safetensorsParts(tensors, options));
}
