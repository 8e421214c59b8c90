import type { StoredDtype } from '../stored-tensor.ts';
import { PickleError } from './pickle-reader.ts';

/**
 * What a restricted pickle can hold. A class or function is only its name here: nothing of Python is run, and the
 * whitelist of `constructors.ts` says what calling a name gives.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleGlobal
  | PickleStorage
  | PickleTensor;

/** A tuple of the pickle, told apart from a list. */
export class PickleTuple {
  readonly items: readonly PickleValue[];
  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** A list of the pickle, filled while it is read. */
export class PickleList {
  readonly items: PickleValue[] = [];
}

/** A dict or OrderedDict of the pickle, its entries in order. */
export class PickleDict {
  readonly entries = new Map<PickleValue, PickleValue>();
}

/** A name such as `torch._utils._rebuild_tensor_v2`. */
class PickleGlobal {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A storage of the archive: `data/<key>`. */
class PickleStorage {
  readonly type: string;
  readonly key: string;
  /** Elements. */
  readonly size: number;
  constructor(type: string, key: string, size: number) {
    this.type = type;
    this.key = key;
    this.size = size;
  }
}

/** A view of a storage; offset and strides in elements. */
export class PickleTensor {
  readonly storage: PickleStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  constructor(view: Pick<PickleTensor, 'storage' | 'offset' | 'shape' | 'strides'>) {
    this.storage = view.storage;
    this.offset = view.offset;
    this.shape = view.shape;
    this.strides = view.strides;
  }
}

/** `a dict`, `the number 3`, for messages. */
export function describeValue(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (typeof value !== 'object') return `the ${typeof value} ${JSON.stringify(value)}`;
  if (value instanceof PickleGlobal) return value.name;
  return `a ${value.constructor.name.replace('Pickle', '').toLowerCase()}`;
}

/** The classes of typed storages, and what their elements are. */
const storageDtypes: Readonly<Record<string, StoredDtype>> = {
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.DoubleStorage': 'F64',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
};

/** What calling a name gives. This table is everything that a file may call. */
const constructors: Readonly<Record<string, (args: readonly PickleValue[]) => PickleValue>> = {
  'collections.OrderedDict': (args) => {
    if (args.length > 0) throw new PickleError('collections.OrderedDict: expected no arguments');
    return new PickleDict();
  },
  'torch._utils._rebuild_tensor': ([storage, offset, shape, strides]) =>
    rebuildTensor([storage, offset, shape, strides]),
  // The rest: requires_grad, backward_hooks and metadata, which say nothing about values.
  'torch._utils._rebuild_tensor_v2': ([storage, offset, shape, strides]) =>
    rebuildTensor([storage, offset, shape, strides]),
  'torch._utils._rebuild_parameter': ([data]) => {
    if (data instanceof PickleTensor) return data;
    throw new PickleError(`torch._utils._rebuild_parameter: expected a tensor, got ${describeValue(data)}`);
  },
};

const known = new Set([...Object.keys(constructors), ...Object.keys(storageDtypes)]);

/** @throws PickleError for every name outside the whitelist: the file asks to run code that is not ours */
export function allowedGlobal(module: string, name: string): PickleGlobal {
  const full = `${module}.${name}`;
  if (known.has(full)) return new PickleGlobal(full);
  throw new PickleError(
    `it asks for ${full}, which is not among the constructors of plain weights (${[...known].join(', ')})`,
  );
}

/** @throws PickleError when the name cannot be called, or not with these arguments */
export function callGlobal(callee: PickleValue, args: PickleValue): PickleValue {
  if (!(callee instanceof PickleGlobal) || !Object.hasOwn(constructors, callee.name)) {
    throw new PickleError(`${describeValue(callee)} cannot be called`);
  }
  if (!(args instanceof PickleTuple)) throw new PickleError(`${callee.name}: expected a tuple of arguments`);
  return constructors[callee.name]!(args.items);
}

/**
 * The storage that a pickle's persistent id stands for: `('storage', class, key, location, size)`. Where it was, on a
 * CPU or a GPU, does not matter.
 *
 * @throws PickleError for an id of anything else
 */
export function persistentStorage(id: PickleValue): PickleStorage {
  const [tag, type, key, , size] = id instanceof PickleTuple ? id.items : [];
  const isStorage = tag === 'storage' && type instanceof PickleGlobal && Object.hasOwn(storageDtypes, type.name);
  if (isStorage && typeof key === 'string' && isNatural(size)) return new PickleStorage(type.name, key, size);
  throw new PickleError(`a persistent id that is not a storage: ${describeValue(id)}`);
}

/** The dtype of a storage's numbers, by the name of its class. */
export function storageDtype({ type }: PickleStorage): StoredDtype {
  return storageDtypes[type]!;
}

function rebuildTensor([storage, offset, shape, strides]: readonly (PickleValue | undefined)[]): PickleTensor {
  const sizes = naturals(shape);
  const steps = naturals(strides);
  if (!(storage instanceof PickleStorage) || !isNatural(offset) || sizes?.length !== steps?.length || !sizes) {
    throw new PickleError('a tensor that is not (storage, offset, size, stride)');
  }
  return new PickleTensor({ storage, offset, shape: sizes, strides: steps! });
}

function naturals(value: PickleValue | undefined): number[] | undefined {
  if (!(value instanceof PickleTuple)) return undefined;
  return value.items.every(isNatural) ? [...value.items] : undefined;
}

function isNatural(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
