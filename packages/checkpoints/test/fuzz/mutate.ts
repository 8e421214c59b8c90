import type { RandomSource } from '@attune/base';
import { anyOf } from './any-of.ts';

type Mutation = (bytes: Uint8Array, random: RandomSource) => Uint8Array;

/** What numbers in files become: edges of integers and floats, and what is no number. */
const literals = [
  ...['0', '-1', '1', '3', '7', '65536', '2147483648', '4294967295', '1e9', '9007199254740993', '1e308', '1e999', '-0'],
  ...['null', 'true', '""', '[]', '{}', '"a"', '[[[[[[]]]]]]', '0.5', 'NaN', '"__proto__"', '"\\ud800"'],
];

const extremes = [
  [0, 0, 0, 0, 0, 0, 0, 0],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0, 0, 0, 0, 0, 0, 0, 0x80],
  [0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0x10],
];

const mutations: readonly Mutation[] = [
  (bytes, random) => changed(bytes, random, (byte) => byte ^ (1 << random.integer(8))),
  (bytes, random) => changed(bytes, random, () => random.integer(256)),
  (bytes, random) => bytes.subarray(0, place(bytes, random)),
  (bytes, random) => {
    const [start, end] = range(bytes, random);
    return joined(bytes.subarray(0, start), bytes.subarray(end));
  },
  (bytes, random) => {
    const [start, end] = range(bytes, random);
    return joined(bytes.subarray(0, end), bytes.subarray(start));
  },
  (bytes, random) => {
    const [start, end] = range(bytes, random);
    return joined(
      bytes.subarray(0, start),
      bytes.subarray(start, end).slice().fill(random.integer(256)),
      bytes.subarray(end),
    );
  },
  (bytes, random) => {
    const start = place(bytes, random);
    const noise = Uint8Array.from({ length: 1 + random.integer(16) }, () => random.integer(256));
    return joined(bytes.subarray(0, start), noise, bytes.subarray(start));
  },
  (bytes, random) => {
    const out = bytes.slice();
    const extreme = anyOf(extremes, random);
    // At a multiple of four more often: where formats have their numbers.
    const start =
      random.integer(2) === 0 ? place(bytes, random) : 4 * random.integer(Math.ceil((bytes.length + 1) / 4));
    out.set(extreme.slice(0, Math.max(0, out.length - start)), Math.min(start, out.length));
    return out;
  },
  replacedToken,
  replacedToken,
  replacedToken,
];

/** One to three changes of a file: of bits, bytes, ranges, its length, numbers and texts in it. */
export function mutate(bytes: Uint8Array, random: RandomSource): Uint8Array {
  let out = bytes;
  for (let count = 1 + random.integer(3); count > 0; count--) {
    out = anyOf(mutations, random)(out, random);
  }
  return out;
}

/** Another literal for a number, a word or a text of JSON; each byte stands for a character, so lengths may change. */
function replacedToken(bytes: Uint8Array, random: RandomSource): Uint8Array {
  const text = Buffer.from(bytes.subarray(0, 100_000)).toString('latin1');
  const tokens = [...text.matchAll(/-?\d+(\.\d+)?|"[^"\\]{0,60}"|true|false|null/g)];
  if (tokens.length === 0) return bytes;
  const token = anyOf(tokens, random);
  const others = [...literals, anyOf(tokens, random)[0]];
  const literal = Buffer.from(anyOf(others, random), 'latin1');
  return joined(bytes.subarray(0, token.index), literal, bytes.subarray(token.index + token[0].length));
}

function changed(bytes: Uint8Array, random: RandomSource, change: (byte: number) => number): Uint8Array {
  if (bytes.length === 0) return bytes;
  const out = bytes.slice();
  const index = random.integer(out.length);
  out[index] = change(out[index]!);
  return out;
}

function place(bytes: Uint8Array, random: RandomSource): number {
  return random.integer(bytes.length + 1);
}

/** Up to 64 bytes. */
function range(bytes: Uint8Array, random: RandomSource): [start: number, end: number] {
  const start = place(bytes, random);
  return [start, Math.min(bytes.length, start + 1 + random.integer(64))];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
