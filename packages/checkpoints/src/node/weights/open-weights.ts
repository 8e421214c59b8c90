import { realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { ConfigError } from '@attune/base';
import { hashFile } from '@attune/base/node';
import type { StoredTensor } from '../../stored-tensor.ts';
import { listSafetensors } from '../safetensors-file.ts';
import { listTorchTensors } from '../torch/list-torch-tensors.ts';
import { indexedTensors } from './indexed-tensors.ts';
import { WeightsFile, type WeightsLayout } from './weights-file.ts';

/**
 * The path of a file that belongs to a model directory, which neither its name nor a symbolic link may leave: an
 * index from elsewhere must not make this process read other files. A snapshot of the hub's cache links to the blobs
 * beside it, which belong to it.
 *
 * @param namedBy  what names the file, for the message
 * @throws ConfigError when it is outside the directory, or not there
 */
export async function fileInDirectory(directory: string, name: string, namedBy = directory): Promise<string> {
  if (name !== basename(name) || name === '..' || name === '.' || name === '' || name.includes('\\')) {
    throw new ConfigError(`${namedBy}: ${JSON.stringify(name)} leaves the directory; expected a file's name alone`);
  }
  const path = join(directory, name);
  const [root, target] = await Promise.all([realpath(directory), realpath(path)]).catch((error: Error) => {
    throw new ConfigError(`${namedBy}: ${name} cannot be read: ${error.message}`, { cause: error });
  });
  const allowed = [root, ...blobsOf(root)];
  if (allowed.some((folder) => target.startsWith(folder + sep))) return path;
  throw new ConfigError(
    `${path}: is a link to ${target}, outside the model directory; copy the file, or link the whole directory`,
  );
}

/** `<repository>/blobs` for `<repository>/snapshots/<commit>`. */
function blobsOf(directory: string): string[] {
  const snapshots = dirname(directory);
  return basename(snapshots) === 'snapshots' ? [join(dirname(snapshots), 'blobs')] : [];
}

/** Tensors of a directory, not read yet. Close it. */
interface OpenWeights {
  readonly stored: readonly StoredTensor[];
  /** What a reader should know of files that do not quite agree. */
  readonly notes: readonly string[];
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
      stored.push(...(await list(file)));
    }
    const one = index === undefined ? { stored, notes: [] } : await indexedTensors(stored, index, namedBy);
    return { ...one, close };
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
