import { join } from 'node:path';
import { ConfigError } from '../../errors.ts';
import { hashFile } from '../hash-file.ts';
import { listSafetensors } from '../safetensors-file.ts';
import { listTorchTensors } from '../torch/list-torch-tensors.ts';
import { fileInDirectory } from './file-in-directory.ts';
import type { StoredTensor } from './stored-tensor.ts';
import { WeightsFile } from './weights-file.ts';
import type { WeightsLayout } from './weights-layout.ts';

/** Tensors of a directory, not read yet. Close it. */
export interface OpenWeights {
  readonly stored: readonly StoredTensor[];
  close(): Promise<void>;
}

/**
 * Opens the files of a layout and lists what they have; values are read later, one by one.
 *
 * @throws ConfigError when a file leaves the directory, is malformed, or is not what the index says
 */
export async function openWeights(directory: string, layout: WeightsLayout): Promise<OpenWeights> {
  const { format, files, index } = layout;
  const namedBy = index === undefined ? directory : join(directory, index.name);
  const list =
    format === 'torch' ? listTorchTensors : async (file: WeightsFile) => (await listSafetensors(file)).stored;
  const open: WeightsFile[] = [];
  const close = async () => {
    for (const file of open) await file.close();
  };
  try {
    const stored: StoredTensor[] = [];
    for (const name of files) {
      const path = await fileInDirectory(directory, name, namedBy);
      await checkShard(path, index?.sha256[name]);
      const file = await WeightsFile.open(path);
      open.push(file);
      stored.push(...(index === undefined ? await list(file) : indexed(await list(file), { name, index, namedBy })));
    }
    return { stored, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function checkShard(path: string, expected: string | undefined): Promise<void> {
  if (expected === undefined) return;
  const actual = await hashFile(path);
  if (actual === expected) return;
  throw new ConfigError(
    `${path}: expected the shard with sha256 ${expected.slice(0, 12)}, as the index says, got ${actual.slice(0, 12)}; ` +
      'all shards must come from one save',
  );
}

interface Shard {
  readonly name: string;
  readonly index: NonNullable<WeightsLayout['index']>;
  readonly namedBy: string;
}

/** The tensors that the index wants from a shard. */
function indexed(stored: readonly StoredTensor[], { name, index, namedBy }: Shard): StoredTensor[] {
  const present = new Set(stored.map((tensor) => tensor.name));
  const absent = [...index.weightMap].filter(([tensor, shard]) => shard === name && !present.has(tensor));
  if (absent.length > 0) {
    const names = absent.map(([tensor]) => tensor);
    const rest = names.length > 10 ? ` and ${names.length - 10} more` : '';
    throw new ConfigError(`${namedBy}: ${name} should have ${names.slice(0, 10).join(', ')}${rest}, and has not`);
  }
  return stored.filter((tensor) => index.weightMap.get(tensor.name) === name);
}
