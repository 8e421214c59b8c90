import { floatTensor, hostTensor, intTensor, zerosTensor } from '@attune/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from '../read-safetensors.ts';
import { safetensorsBytes, writeSafetensors } from '../write-safetensors.ts';

/** A file with this header, taken literally, and this many zero bytes of values. */
function file(header: string | object, dataBytes: number, claimed?: number | bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(claimed ?? json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const entry = (begin: number, end: number, shape = [(end - begin) / 4], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

it('knows the size of a file before there are values', () => {
  const specs = [
    { name: 'b.weight', shape: [3, 4] },
    { name: 'a', shape: [] },
  ];
  const tensors = new Map(specs.map(({ name, shape }) => [name, zerosTensor(shape)]));
  expect(safetensorsBytes(specs)).toBe(writeSafetensors(tensors).byteLength);
});

describe('readSafetensors after writeSafetensors', () => {
  it('gives the tensors back, with special values', () => {
    const tensors = new Map([
      ['b.weight', floatTensor([2, 3], [1, -0, NaN, Infinity, 1e-40, 3.5])],
      ['a', intTensor([2], [-5, 2 ** 31 - 1])],
      ['scalar', floatTensor([], [7])],
      ['empty', floatTensor([0, 4], [])],
    ]);
    const read = readSafetensors(writeSafetensors(tensors));
    expect(read.tensors).toEqual(tensors);
    expect(read).toMatchObject({ metadata: { format: 'pt' }, skipped: [] });
  });

  it('writes a header whose length is a multiple of 8, values right after it', () => {
    const bytes = writeSafetensors(new Map([['x', floatTensor([1], [1])]]));
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(bytes.length).toBe(8 + length + 4);
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + length)).trimEnd()).toBe(
      '{"__metadata__":{"format":"pt"},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
    );
  });

  it('does not depend on the order of the map', () => {
    const a = ['a', floatTensor([1], [1])] as const;
    const b = ['b', floatTensor([1], [2])] as const;
    expect(writeSafetensors(new Map([b, a]))).toEqual(writeSafetensors(new Map([a, b])));
  });

  it('holds for any shapes and names', () => {
    const named = fc.tuple(fc.string(), fc.array(fc.nat(3), { maxLength: 3 }));
    const maps = fc.uniqueArray(named, { selector: ([name]) => name, maxLength: 6 });
    fc.assert(
      fc.property(maps, (shapes) => {
        fc.pre(shapes.every(([name]) => name !== '__metadata__' && name !== '__proto__'));
        const tensors = new Map(
          shapes.map(([name, shape], seed) => {
            const size = shape.reduce((product, dimension) => product * dimension, 1);
            return [
              name,
              hostTensor(
                shape,
                Float32Array.from({ length: size }, (_, index) => index + seed / 8),
              ),
            ];
          }),
        );
        expect(new Map([...readSafetensors(writeSafetensors(tensors)).tensors].sort())).toEqual(
          new Map([...tensors].sort()),
        );
      }),
    );
  });
});

describe('readSafetensors', () => {
  it('widens half precision exactly and skips 64-bit integers', () => {
    const header = {
      half: entry(0, 14, [7], 'F16'),
      brain: entry(14, 20, [3], 'BF16'),
      ids: entry(20, 28, [1], 'I64'),
    };
    const bytes = file(header, 28);
    const halves = [0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0xfc00, 0x8000];
    const brains = [0x3f80, 0xc049, 0x7f80];
    const view = new DataView(bytes.buffer, bytes.length - 28);
    [...halves, ...brains].forEach((bits, index) => {
      view.setUint16(2 * index, bits, true);
    });
    const { tensors, skipped } = readSafetensors(bytes);
    expect(tensors.get('half')).toEqual(floatTensor([7], [1, -2, 2 ** -24, 65504, Infinity, -Infinity, -0]));
    expect(tensors.get('brain')).toEqual(floatTensor([3], [1, -3.140625, Infinity]));
    expect([...tensors.keys()]).toEqual(['half', 'brain']);
    expect(skipped).toEqual(['ids']);
  });

  it.each<[title: string, bytes: Uint8Array, reason: string]>([
    ['no length', new Uint8Array(5), "truncated: 5 bytes, not even the 8 of the header's length"],
    ['short header', file('{}', 0, 50), 'truncated: the header claims 50 bytes, the file has 10 in all'],
    [
      'absurd header',
      file('{}', 0, 2n ** 63n),
      "the header claims 9223372036854775808 bytes, more than the format's limit of 100000000",
    ],
    ['array header', file('[]', 0), 'the header is not a JSON object'],
    ['missing fields', file({ x: { dtype: 'F32' } }, 0), 'header entry x.shape: expected an array'],
    ['negative offset', file({ x: entry(-4, 0) }, 0), 'header entry x.data_offsets[0]: expected a number at least 0'],
    ['fraction in shape', file({ x: entry(0, 6) }, 6), 'header entry x.shape[0]: expected an integer'],
    ['unknown dtype', file({ x: entry(0, 4, [1], 'F31') }, 4), 'x: unknown dtype F31; known: BOOL, U8'],
    ['end before begin', file({ x: entry(8, 4, [1]) }, 8), 'x: shape [1] of F32 needs 4 bytes, has -4'],
    ['shape too large', file({ x: entry(0, 4, [2]) }, 4), 'x: shape [2] of F32 needs 8 bytes, has 4'],
    [
      'overflowing shape',
      file({ x: entry(0, 0, [2 ** 52, 2 ** 52]) }, 0),
      'x: shape [4503599627370496, 4503599627370496] of F32 needs 8.112963841460668e+31 bytes, has 0',
    ],
    ['overlap', file({ x: entry(0, 8), y: entry(4, 8) }, 8), 'y: overlaps the tensor before it by 4 bytes'],
    ['gap', file({ x: entry(0, 4), y: entry(8, 12) }, 12), 'y: 4 bytes before it belong to no tensor'],
    [
      'a name that stands twice, with whatever values',
      file(
        '{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        4,
      ),
      'the header is not JSON: the key "x" stands twice, with {"dtype":"F32","shape":[1],"data_offsets":[0,4]} and ',
    ],
    [
      'nesting',
      file(`{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 0),
      'the header is not JSON: nested more than',
    ],
    [
      'a name that would be left out',
      file('{"__proto__":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}', 0),
      'header entry __proto__: no tensor can have that name',
    ],
    ['trailing bytes', file({ x: entry(0, 4) }, 7), 'the last 3 bytes belong to no tensor'],
    ['metadata', file({ __metadata__: { epoch: 3 } }, 0), '__metadata__ must map strings to strings'],
  ])('refuses %s', (_, bytes, reason) => {
    expect(() => readSafetensors(bytes, 'm.safetensors')).toThrow(
      `m.safetensors: not a usable safetensors file: ${reason}`,
    );
  });

  it('refuses values cut off at the end, and a header that is not JSON', () => {
    const cut = file({ x: entry(0, 4), y: entry(4, 12) }, 10);
    expect(() => readSafetensors(cut)).toThrow(/truncated: y ends at byte \d+, the file has \d+$/);
    expect(() => readSafetensors(file('{"x": ', 0))).toThrow('the header is not JSON: ');
  });

  it('refuses a dtype it cannot hold', () => {
    expect(() => readSafetensors(file({ x: entry(0, 2, [1], 'I16') }, 2), 'm.safetensors')).toThrow(
      'm.safetensors: x has dtype I16; floats and I32 can be read, I64 is skipped',
    );
  });

  describe('a damaged file', () => {
    const good = writeSafetensors(new Map([['x', floatTensor([2, 2], [1, 2, 3, 4])]]));
    const dataStart = good.length - 16;

    it('is refused at every length that is too short', () => {
      const lengths = Array.from({ length: good.length }, (_, length) => length);
      for (const length of lengths) {
        expect(() => readSafetensors(good.slice(0, length), 'm.safetensors'), `${length} bytes`).toThrow(
          /^m\.safetensors: not a usable safetensors file: /,
        );
      }
    });

    it('has the values that its bytes say, whatever they are', () => {
      fc.assert(
        fc.property(fc.nat(15), fc.nat(255), (place, value) => {
          const bytes = good.slice();
          bytes[dataStart + place] = value;
          const data = new Float32Array(bytes.slice(dataStart).buffer);
          expect(readSafetensors(bytes).tensors).toEqual(new Map([['x', { dtype: 'float32', shape: [2, 2], data }]]));
        }),
      );
    });

    it('is refused by name or gives whole tensors when any byte of the header is another', () => {
      const outcomes = new Map<string, number>();
      const outcome = (bytes: Uint8Array): string => {
        try {
          const { tensors } = readSafetensors(bytes, 'm.safetensors');
          const sizes = [...tensors.values()].map(({ shape, data }) => shape.reduce((a, b) => a * b, 1) - data.length);
          return sizes.every((difference) => difference === 0) ? 'read' : 'cut short';
        } catch (error) {
          const { name, message } = error as Error;
          return name === 'ConfigError' && message.startsWith('m.safetensors: ') ? 'refused' : `${name}: ${message}`;
        }
      };
      for (let place = 0; place < dataStart; place++) {
        for (const value of [0, 1, 32, 48, 50, 52, 93, 125, 255]) {
          const bytes = good.slice();
          bytes[place] = value;
          const given = outcome(bytes);
          outcomes.set(given, (outcomes.get(given) ?? 0) + 1);
        }
      }
      // What is read still: another name, format or blank; what changes sizes or the syntax is not.
      expect([...outcomes.keys()].sort()).toEqual(['read', 'refused']);
      expect(outcomes.get('refused')).toBeGreaterThan(outcomes.get('read')!);
    });
  });
});
