import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PickleDict, PickleList, PickleTensor, PickleTuple } from './constructors.ts';
import { PickleError } from './pickle-reader.ts';
import { unpickle } from './unpickle.ts';

type Part = number | string | readonly number[];

/** A pickle from codes, texts in ASCII and bytes; its STOP is added. */
function pickle(...parts: readonly Part[]): Uint8Array {
  const bytes = parts.flatMap((part) => {
    if (typeof part === 'number') return [part];
    return typeof part === 'string' ? [...new TextEncoder().encode(part)] : [...part];
  });
  return Uint8Array.from([...bytes, 0x2e]);
}

const op = {
  ...{ mark: 0x28, none: 0x4e, int1: 0x4b, long1: 0x8a, float: 0x47, text: 0x8c, text4: 0x58, text8: 0x8d },
  ...{ emptyTuple: 0x29, tuple1: 0x85, tuple2: 0x86, tuple3: 0x87, tuple: 0x74, emptyList: 0x5d, append: 0x61 },
  ...{ appends: 0x65, emptyDict: 0x7d, setItem: 0x73, setItems: 0x75, put: 0x71, get: 0x68, global: 0x63 },
  ...{ stackGlobal: 0x93, persistent: 0x51, reduce: 0x52, build: 0x62, pop: 0x30, true: 0x88, false: 0x89 },
};
const text = (value: string): Part[] => [op.text, new TextEncoder().encode(value).length, value];
const global = (module: string, name: string): Part[] => [op.global, `${module}\n${name}\n`];
const orderedDict = global('collections', 'OrderedDict');
const int = (value: number): Part[] => [op.int1, value];
/** ('storage', torch.FloatStorage, '0', 'cpu', 4) as the pickle names it. */
const storage: Part[] = [
  ...[op.mark, ...text('storage'), ...global('torch', 'FloatStorage'), ...text('0'), ...text('cpu'), ...int(4)],
  ...[op.tuple, op.persistent],
];
const rebuild = (name: string, ...args: Part[]): Part[] => [
  ...global('torch._utils', name),
  ...[op.mark, ...args, op.tuple, op.reduce],
];

describe('unpickle', () => {
  it('reads what plain weights need', () => {
    const state = [
      ...[...orderedDict, op.emptyTuple, op.reduce, op.mark],
      ...text('w'),
      ...rebuild('_rebuild_tensor_v2', ...storage, ...int(1), ...int(3), op.tuple1, ...int(1), op.tuple1, op.false),
      op.setItems,
    ];
    const value = unpickle(pickle(...state)) as PickleDict;
    expect(value).toBeInstanceOf(PickleDict);
    expect([...value.entries.keys()]).toEqual(['w']);
    expect(value.entries.get('w')).toMatchObject({
      ...{ storage: { type: 'torch.FloatStorage', key: '0', size: 4 } },
      ...{ offset: 1, shape: [3], strides: [1] },
    });
  });

  it('reads collections in order, memory by key, and drops attributes', () => {
    const list = unpickle(
      pickle(
        op.emptyList,
        op.mark,
        ...int(1),
        ...text('b'),
        op.appends,
        op.none,
        op.append,
        op.put,
        5,
        op.get,
        5,
        op.pop,
      ),
    ) as PickleList;
    expect(list).toBeInstanceOf(PickleList);
    expect(list.items).toEqual([1, 'b', null]);
    const built = unpickle(pickle(op.emptyDict, ...text('k'), op.true, op.setItem, op.emptyDict, op.build));
    expect([...(built as PickleDict).entries]).toEqual([['k', true]]);
    const nested = unpickle(pickle(...int(1), ...int(2), op.tuple2, op.false, op.none, op.tuple3)) as PickleTuple;
    expect(nested.items).toEqual([new PickleTuple([1, 2]), false, null]);
  });

  it('reads every integer up to 2⁵³, every float and every text as they were written', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.double(),
        fc.string({ unit: 'binary', maxLength: 80 }),
        (whole, real, words) => {
          const bytes = new DataView(new ArrayBuffer(16));
          bytes.setBigInt64(0, BigInt(whole), true);
          bytes.setFloat64(8, real, false);
          const raw = new Uint8Array(bytes.buffer);
          expect(unpickle(pickle(op.long1, 8, [...raw.subarray(0, 8)]))).toBe(whole);
          expect(unpickle(pickle(op.float, [...raw.subarray(8)]))).toBe(real);
          const encoded = [...new TextEncoder().encode(words)];
          const read = new TextDecoder().decode(Uint8Array.from(encoded));
          expect(unpickle(pickle(op.text4, encoded.length % 256, encoded.length >> 8, 0, 0, encoded))).toBe(read);
        },
      ),
    );
  });

  it.each<[string, Part[], string]>([
    ['an operand that is not there', [op.append], 'an operation lacks its operand'],
    ['an operand that is a mark', [op.mark, op.put, 0], 'an operation lacks its operand'],
    ['a collection without a mark', [op.emptyList, op.appends], 'a collection without a beginning'],
    ['items of a list for a dict', [op.emptyDict, ...int(1), op.append], 'items for what is no list'],
    ['items of a dict for a list', [op.emptyList, ...int(1), ...int(2), op.setItem], 'items for what is no dict'],
    ['a key without its value', [op.emptyDict, op.mark, ...int(1), op.setItems], 'items for what is no dict'],
    ['memory that nothing was put in', [op.get, 7], 'memo 7 is empty'],
    ['a module that is no text', [...int(1), ...text('x'), op.stackGlobal], 'a name that is no text'],
    ['a name without an end', [op.global, 'collections'], 'it ends within a name'],
    [
      'a text that is not UTF-8',
      [op.text, 2, [0xc3, 0x28]],
      'a text at byte 2: expected text in UTF-8, found bytes that are none',
    ],
    [
      'a dict with one key twice',
      [op.emptyDict, op.mark, ...text('w'), ...int(1), ...text('w'), ...int(1), op.setItems],
      'a dict has the string "w" twice',
    ],
    ['a text longer than the pickle', [op.text, 200, 'abc'], 'it ends within a value, at byte 2'],
    ['a length beyond 2⁵³', [op.text8, [0, 0, 0, 0, 0, 0, 32, 0]], 'a length of 9007199254740992'],
    ['an integer of nine bytes', [op.long1, 9, new Array(9).fill(1)], 'an integer of 9 bytes'],
    ['an integer beyond 2⁵³', [op.long1, 8, [0, 0, 0, 0, 0, 0, 0, 64]], 'an integer of 8 bytes'],
    [
      'arguments of OrderedDict',
      [...orderedDict, ...int(1), op.tuple1, op.reduce],
      'collections.OrderedDict: expected no arguments',
    ],
    [
      'arguments that are no tuple',
      [...orderedDict, ...int(1), op.reduce],
      'collections.OrderedDict: expected a tuple of arguments',
    ],
    ['a call of what is no name', [...int(3), op.emptyTuple, op.reduce], 'the number 3 cannot be called'],
    [
      'a call of a storage class',
      [...global('torch', 'FloatStorage'), op.emptyTuple, op.reduce],
      'torch.FloatStorage cannot be called',
    ],
    [
      'a parameter of no tensor',
      rebuild('_rebuild_parameter', ...int(3)),
      'torch._utils._rebuild_parameter: expected a tensor, got the number 3',
    ],
    [
      'a persistent id of another kind',
      [...text('module'), op.tuple1, op.persistent],
      'a persistent id that is not a storage: a tuple',
    ],
    [
      'strides of another length than the shape',
      rebuild('_rebuild_tensor', ...storage, ...int(0), ...int(2), op.tuple1, op.emptyTuple),
      'a tensor that is not (storage, offset, size, stride)',
    ],
  ])('refuses %s', (_, parts, message) => {
    expect(() => unpickle(pickle(...parts))).toThrow(new PickleError(message));
  });

  it('gives the tensor of a parameter', () => {
    const tensor = rebuild('_rebuild_tensor', ...storage, ...int(0), ...int(4), op.tuple1, ...int(1), op.tuple1);
    expect(unpickle(pickle(...rebuild('_rebuild_parameter', ...tensor)))).toBeInstanceOf(PickleTensor);
  });
});
