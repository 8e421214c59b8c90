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

export class PickleTuple {
  readonly items: readonly PickleValue[];
  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

export class PickleList {
  readonly items: PickleValue[] = [];
}

/** dict or OrderedDict, in order. */
export class PickleDict {
  readonly entries = new Map<PickleValue, PickleValue>();
}

/** A name such as `torch._utils._rebuild_tensor_v2`. */
export class PickleGlobal {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A storage of the archive: `data/<key>`. */
export class PickleStorage {
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
