import { ConfigError, type HostTensor, type HostTensors, type RandomSource } from '@attune/base';
import { initializeParameters, type Model, type ModelFamily } from '@attune/core';
import { fitParameters } from '../fit-values.ts';
import { dtypeName, isWeightDtype, type StoredTensor, type WeightDtype } from '../stored-tensor.ts';
import { KeptTensors } from './kept-tensors.ts';
import { openWeights } from './weights/open-weights.ts';
import { type NarrowTensor, readNarrow, readTensor } from './weights/read-tensor.ts';
import type { WeightsLayout } from './weights/weights-file.ts';

/** Whether 16-bit floats are widened to float32 as they are read, or stay as they are until they are used. */
export type Precision = 'widened' | 'kept';

/** The model whose parameters are wanted, and the files that have them. */
interface LoadWeightsCall {
  readonly directory: string;
  readonly layout: WeightsLayout;
  readonly model: Model;
  readonly family: Pick<ModelFamily, 'canonicalName' | 'isBuffer'>;
  /** Source of the parts that the checkpoint lacks. */
  readonly random: RandomSource;
  readonly precision: Precision;
}

/** A model's values, and what the checkpoint had and lacked of them. */
export interface LoadedWeights {
  /** One tensor per parameter of the model, in its order. */
  readonly values: HostTensors;
  /** What the file has each of them as; parts that were initialised are F32. */
  readonly dtypes: ReadonlyMap<string, WeightDtype>;
  /** Names of the parameters that the checkpoint lacks and that were initialised. */
  readonly initialized: readonly string[];
  readonly notes: readonly string[];
}

/**
 * The values of a model's parameters. Names, shapes and dtypes are checked by the headers; then each parameter is read
 * into its place, one by one, and nothing else is.
 *
 * @throws ConfigError when a file is malformed or does not fit the model
 */
export async function loadWeights(call: LoadWeightsCall): Promise<LoadedWeights> {
  const { directory, layout, model, random } = call;
  const { stored, close } = await openWeights(directory, layout);
  try {
    const tensors = await byCanonicalName(stored, call);
    const types = new Map([...tensors].map(([name, { dtype, shape }]) => [name, { dtype: dtypeName(dtype), shape }]));
    const { found, fresh, notes } = fitParameters({ model, stored: types, where: directory });
    const names = new Set(found.map(({ name }) => name));
    const read = await readAll(new Map([...tensors].filter(([name]) => names.has(name))), call.precision);
    const made = initializeParameters(fresh, random);
    const values = new Map(model.parameters.map(({ name }) => [name, read.get(name) ?? made.get(name)!]));
    const dtypes = new Map(model.parameters.map(({ name }) => [name, weightDtype(tensors.get(name))]));
    return { values: widenedOrKept(values), dtypes, initialized: fresh.map(({ name }) => name), notes };
  } finally {
    await close();
  }
}

async function byCanonicalName(
  stored: readonly StoredTensor[],
  { family, directory }: LoadWeightsCall,
): Promise<Map<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>();
  for (const tensor of stored) {
    const canonical = family.canonicalName(tensor.name);
    if (family.isBuffer?.(canonical)) continue;
    const other = tensors.get(canonical);
    // A shared tensor may be stored under both of its names; two different ones leave no way to choose.
    if (other !== undefined && !(await sameValues(other, tensor))) {
      throw new ConfigError(
        `${directory}: ${canonical} is stored twice with different values; the other name is ${tensor.name}`,
      );
    }
    tensors.set(canonical, tensor);
  }
  return tensors;
}

async function sameValues(a: StoredTensor, b: StoredTensor): Promise<boolean> {
  if (a.dtype !== b.dtype || a.shape.join() !== b.shape.join()) return false;
  if (!isWeightDtype(a.dtype)) return true;
  return Buffer.compare(bytesOf(await readTensor(a)), bytesOf(await readTensor(b))) === 0;
}

function bytesOf({ data }: HostTensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

type ReadTensor = HostTensor | NarrowTensor;

/** In the order of the files, which is the fastest one on a disk. */
async function readAll(
  wanted: ReadonlyMap<string, StoredTensor>,
  precision: Precision,
): Promise<Map<string, ReadTensor>> {
  const read = new Map<string, ReadTensor>();
  for (const [name, stored] of wanted) {
    const { dtype } = stored;
    const isKept = precision === 'kept' && (dtype === 'F16' || dtype === 'BF16');
    read.set(name, isKept ? await readNarrow({ ...stored, dtype }) : await readTensor(stored));
  }
  return read;
}

function widenedOrKept(values: ReadonlyMap<string, ReadTensor>): HostTensors {
  const isNarrow = [...values.values()].some((tensor) => 'bits' in tensor);
  return isNarrow ? new KeptTensors(values) : (values as HostTensors);
}

function weightDtype(stored: StoredTensor | undefined): WeightDtype {
  return stored !== undefined && isWeightDtype(stored.dtype) ? stored.dtype : 'F32';
}
