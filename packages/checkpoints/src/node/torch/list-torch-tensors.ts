import { ConfigError, sizeOf } from '@attune/base';
import { elementBytes, extentBytes, type StoredTensor } from '../../stored-tensor.ts';
import { describeValue, PickleDict, PickleTensor, type PickleValue, storageDtype } from '../../torch/constructors.ts';
import { PickleError } from '../../torch/pickle-reader.ts';
import { unpickle } from '../../torch/unpickle.ts';
import type { WeightsFile } from '../weights/weights-file.ts';
import { type ArchiveEntry, openTorchArchive } from './torch-archive.ts';

/**
 * What a `pytorch_model.bin` has: the state dict that `torch.save` wrote, a ZIP of a pickle and the storages. The
 * pickle is read as data, nothing in it is run. The values are not read here.
 *
 * @throws ConfigError naming what is malformed, or which constructor the file asks for that weights do not need
 */
export async function listTorchTensors(file: WeightsFile): Promise<StoredTensor[]> {
  try {
    const archive = await openTorchArchive(file);
    const tensors = [...tensorsOf(unpickle(archive.pickle))];
    const storages = await archive.locate(new Set(tensors.map(([, { storage }]) => storage.key)));
    const stored = tensors.map(([name, tensor]) => storedTensor(name, tensor, { file, storages }));
    refuseManyViews(stored, file);
    return stored;
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    throw new ConfigError(`${file.path}: not usable PyTorch weights: ${error.message}`, { cause: error });
  }
}

function tensorsOf(value: PickleValue): Map<string, PickleTensor> {
  if (!(value instanceof PickleDict)) {
    throw new PickleError(`it holds ${describeValue(value)}; expected a state dict, as model.state_dict() gives`);
  }
  const tensors = new Map<string, PickleTensor>();
  for (const [name, tensor] of value.entries) {
    if (typeof name !== 'string' || !(tensor instanceof PickleTensor)) {
      throw new PickleError(
        `its entry ${typeof name === 'string' ? name : describeValue(name)} is ${describeValue(tensor)}; expected names ` +
          'with tensors, as model.state_dict() gives',
      );
    }
    tensors.set(name, tensor);
  }
  return tensors;
}

interface Place {
  readonly file: WeightsFile;
  readonly storages: ReadonlyMap<string, ArchiveEntry>;
}

function storedTensor(name: string, { storage, offset, shape, strides }: PickleTensor, place: Place): StoredTensor {
  const dtype = storageDtype(storage);
  const entry = place.storages.get(storage.key);
  if (entry === undefined) throw new PickleError(`${name} is in storage ${storage.key}, which the file lacks`);
  const width = elementBytes[dtype];
  if (entry.size !== storage.size * width) {
    throw new PickleError(
      `storage ${storage.key} has ${entry.size} bytes; expected ${storage.size * width} for ${storage.size} of ${dtype}`,
    );
  }
  const view = { dtype, shape, ...(isRowMajor(shape, strides) ? {} : { strides }) };
  const start = offset * width;
  // Counted too: a view with a stride of 0 may be far larger than what it shows.
  const needed = Math.max(extentBytes(view), sizeOf(shape) * width);
  if (start + needed > entry.size) {
    throw new PickleError(
      `${name}: shape [${shape.join(', ')}] with strides [${strides.join(', ')}] at ${offset} leaves its storage of ` +
        `${storage.size} elements`,
    );
  }
  const isWhole = start === 0 && extentBytes(view) === entry.size;
  const { crc32 } = entry;
  const checksum = isWhole && crc32 !== undefined ? { crc32 } : {};
  return { name, ...view, file: place.file, begin: entry.begin + start, ...checksum };
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    // The stride of an axis with one place is never used.
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

/** Tied weights are two views of one storage; a thousand views of it would make a small file take all memory. */
function refuseManyViews(stored: readonly StoredTensor[], file: WeightsFile): void {
  const views = new Map(
    stored.map((tensor) => [`${tensor.begin} ${tensor.dtype} ${tensor.shape} ${tensor.strides}`, tensor]),
  );
  const bytes = [...views.values()].reduce((sum, { dtype, shape }) => sum + sizeOf(shape) * elementBytes[dtype], 0);
  if (bytes <= 2 * file.size) return;
  throw new PickleError(`its tensors overlap: ${bytes} bytes of views in a file of ${file.size}`);
}
