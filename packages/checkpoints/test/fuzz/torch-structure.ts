import { crc32 } from 'node:zlib';
import type { RandomSource } from '@attune/base';
import { anyOf } from './any-of.ts';

/** An entry of a ZIP file, stored as it is. */
interface StoredEntry {
  name: string;
  content: Uint8Array;
}

type Edit = (entries: StoredEntry[], random: RandomSource) => void;

const edits: readonly Edit[] = [
  onPickle(replacedNumber),
  onPickle(replacedNumber),
  onPickle(replacedName),
  onPickle(replacedName),
  onPickle(insertedOpcodes),
  onPickle(insertedOpcodes),
  (entries, random) => {
    const [one, other] = [anyOf(entries, random), anyOf(entries, random)];
    [one.content, other.content] = [other.content, one.content];
  },
  (entries, random) => {
    anyOf(entries, random).name = anyOf(entries, random).name;
  },
  (entries, random) => {
    entries.splice(random.integer(entries.length), 1);
  },
  (entries, random) => {
    const { name, content } = anyOf(entries, random);
    for (let count = [1, 1_000][random.integer(2)]!; count > 0; count--) entries.push({ name, content });
  },
];

/** A PyTorch file with other contents, its ZIP whole: numbers, names and opcodes of the pickle, entries and their names. */
export function mutateTorchFile(bytes: Uint8Array, random: RandomSource): Uint8Array {
  const entries = storedEntries(Buffer.from(bytes));
  for (let count = 1 + random.integer(3); count > 0 && entries.length > 0; count--)
    anyOf(edits, random)(entries, random);
  return zipOf(entries);
}

function onPickle(edit: (pickle: Buffer, random: RandomSource) => Buffer): Edit {
  return (entries, random) => {
    const entry = entries.find(({ name }) => name.endsWith('/data.pkl'));
    if (entry !== undefined) entry.content = edit(Buffer.from(entry.content), random);
  };
}

/** BININT1, BININT2 and BININT with their arguments, wherever their bytes stand. */
function replacedNumber(pickle: Buffer, random: RandomSource): Buffer {
  const places = [...pickle.keys()].filter((index) => 'KMJ'.includes(String.fromCharCode(pickle[index]!)));
  const place = places[random.integer(Math.max(1, places.length))] ?? 0;
  const size = { K: 2, M: 3, J: 5 }[String.fromCharCode(pickle[place] ?? 75)] ?? 2;
  const numbers = [0, 1, -1, 255, 65_536, 2 ** 31 - 1, -(2 ** 31)];
  const number = Buffer.alloc(5);
  number.write('J', 'latin1');
  number.writeInt32LE(anyOf(numbers, random), 1);
  return Buffer.concat([pickle.subarray(0, place), number, pickle.subarray(place + size)]);
}

/** A text in another's place, its length with it: BINUNICODE is X, four bytes of length, the text. */
function replacedName(pickle: Buffer, random: RandomSource): Buffer {
  const texts = [...pickle.keys()].filter((index) => {
    if (pickle[index] !== 0x58 || index + 5 > pickle.length) return false;
    return index + 5 + pickle.readUInt32LE(index + 1) <= pickle.length;
  });
  if (texts.length === 0) return pickle;
  const slice = (start: number) => pickle.subarray(start, start + 5 + pickle.readUInt32LE(start + 1));
  const place = anyOf(texts, random);
  const other = slice(anyOf(texts, random));
  return Buffer.concat([pickle.subarray(0, place), other, pickle.subarray(place + slice(place).length)]);
}

/** Marks, lists, tuples and memos many times over, and what pops or calls without anything there. */
function insertedOpcodes(pickle: Buffer, random: RandomSource): Buffer {
  const opcodes = anyOf(['(', ']', '}', ')', ']q\0h\0a', '(t', 'R', 'b', 's', 'u', '0', '2', 'h\xff', '\x85'], random);
  const place = random.integer(pickle.length + 1);
  const count = anyOf([1, 2, 100_000], random);
  return Buffer.concat([
    pickle.subarray(0, place),
    Buffer.from(opcodes.repeat(count), 'latin1'),
    pickle.subarray(place),
  ]);
}

/** The entries that the directory at the end of a ZIP file names; all are stored in these files. */
function storedEntries(zip: Buffer): StoredEntry[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const entries: StoredEntry[] = [];
  let place = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count--) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(place + offset));
    const start = zip.readUInt32LE(place + 42);
    const begin = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
    const name = zip.toString('utf8', place + 46, place + 46 + nameLength!);
    entries.push({ name, content: zip.subarray(begin, begin + zip.readUInt32LE(place + 24)) });
    place += 46 + nameLength! + extraLength! + commentLength!;
  }
  return entries;
}

function zipOf(entries: readonly StoredEntry[]): Uint8Array {
  const [files, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const { name, content } of entries) {
    const title = Buffer.from(name);
    const sizes = Buffer.alloc(14);
    sizes.writeUInt32LE(crc32(content), 0);
    sizes.writeUInt32LE(content.length, 4);
    sizes.writeUInt32LE(content.length, 8);
    sizes.writeUInt16LE(title.length, 12);
    // Version 2.0, stored, no flags, no time.
    const version = Buffer.from([20, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), version, sizes, Buffer.alloc(2), title, content]);
    const rest = Buffer.alloc(16);
    rest.writeUInt32LE(offset, 12);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), version, sizes, rest, title]));
    files.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...files, ...directory, end]));
}
