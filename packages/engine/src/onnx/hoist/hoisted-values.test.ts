import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ResourceError } from '@attune/base';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { HoistedValues } from './hoisted-values.ts';

const disk = vi.hoisted(() => ({ freeBytes: Number.POSITIVE_INFINITY }));

/** A disk that takes what it has room for and then says ENOSPC. */
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  const writeSync = (descriptor: number, data: Uint8Array, start: number, length: number, place: number): number => {
    if (disk.freeBytes === 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    const taken = Math.min(length, disk.freeBytes);
    disk.freeBytes -= taken;
    return fs.writeSync(descriptor, data, start, taken, place);
  };
  return { ...fs, writeSync };
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-values-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const keep = (memoryBytes: number, directory = folder) => new HoistedValues({ memoryBytes, directory });
const bytes = (...values: number[]) => Uint8Array.from(values);

test('what was put is there, a copy, and nothing else', () => {
  const hoisted = keep(8);
  const shelf = hoisted.open('part');
  const record = bytes(1, 2);
  shelf.put('a', record);
  record[0] = 9;
  expect(shelf.get('a')).toEqual(bytes(1, 2));
  expect(shelf.get('b')).toBeUndefined();
  expect(hoisted.usage).toEqual({ memoryBytes: 2, fileBytes: 0 });
});

test('shelves of one name share records, others do not', () => {
  const hoisted = keep(8);
  hoisted.open('part').put('a', bytes(1));
  const again = hoisted.open('part');
  again.put('a', bytes(2));
  expect(again.get('a')).toEqual(bytes(1));
  expect(hoisted.open('other part').get('a')).toBeUndefined();
  expect(hoisted.usage.memoryBytes).toBe(1);
});

test.each([0, 3])('what %i bytes of memory do not hold comes back from the file', (memoryBytes) => {
  const hoisted = keep(memoryBytes);
  const [one, two] = [hoisted.open('one'), hoisted.open('two')];
  for (let key = 0; key < 5; key++) {
    one.put(`${key}`, bytes(key, 1));
    two.put(`${key}`, bytes(key, 2, 2));
  }
  for (let key = 4; key >= 0; key--) {
    expect([one.get(`${key}`), two.get(`${key}`)]).toEqual([bytes(key, 1), bytes(key, 2, 2)]);
  }
  const usage = memoryBytes === 0 ? { memoryBytes: 0, fileBytes: 25 } : { memoryBytes: 2, fileBytes: 23 };
  expect(hoisted.usage).toEqual(usage);
  hoisted.dispose();
});

test('a shelf that nothing uses gives its memory before anything goes to the file, the oldest first', () => {
  const hoisted = keep(4);
  const [oldest, newer, used] = ['oldest', 'newer', 'used'].map((name) => hoisted.open(name));
  oldest!.put('a', bytes(1, 1));
  newer!.put('a', bytes(2, 2));
  for (const shelf of [newer!, oldest!]) shelf.release();
  used!.put('a', bytes(3, 3));
  expect(hoisted.usage).toEqual({ memoryBytes: 4, fileBytes: 0 });
  expect(hoisted.open('oldest').get('a')).toBeUndefined();
  expect(hoisted.open('newer').get('a')).toEqual(bytes(2, 2));
  used!.put('b', bytes(4, 4));
  expect(hoisted.usage).toEqual({ memoryBytes: 4, fileBytes: 2 });
  hoisted.dispose();
});

test('a shelf in the file alone has no memory to give and stays', () => {
  const hoisted = keep(0);
  const first = hoisted.open('first');
  first.put('a', bytes(1));
  first.release();
  hoisted.open('second').put('a', bytes(2));
  expect(hoisted.open('first').get('a')).toEqual(bytes(1));
  hoisted.dispose();
});

test('leaves no file behind', () => {
  const hoisted = keep(0);
  const shelf = hoisted.open('part');
  shelf.put('a', bytes(1));
  hoisted.dispose();
  expect(readdirSync(folder)).toEqual([]);
  expect(hoisted.usage).toEqual({ memoryBytes: 0, fileBytes: 0 });
  expect(hoisted.open('part').get('a')).toBeUndefined();
});

const advice = 'keep more in memory, or keep nothing (hoist: false)';

test('a folder that is gone, or is a file, is named with what would work', () => {
  writeFileSync(join(folder, 'file'), '');
  for (const [name, reason] of [
    ['absent', /ENOENT: .* \(ENOENT\)/],
    ['file', /ENOTDIR: .* \(ENOTDIR\)/],
  ] as const) {
    const put = () => keep(0, join(folder, name)).open('part').put('a', bytes(1));
    expect(put).toThrow(ResourceError);
    expect(put).toThrow(`which are computed once and kept: ${join(folder, name)}/attune-hoisted-${process.pid}-`);
    expect(put).toThrow(reason);
    expect(put).toThrow(`; make the folder writable or choose another, ${advice}`);
  }
  rmSync(join(folder, 'file'));
});

test('a disk that fills up is said, and what it took before can still be read', () => {
  const hoisted = keep(0);
  const shelf = hoisted.open('part');
  disk.freeBytes = 5;
  shelf.put('a', bytes(1, 2, 3));
  expect(() => shelf.put('b', bytes(4, 5, 6))).toThrow(`: the disk is full (ENOSPC); free some space, ${advice}`);
  expect([shelf.get('a'), shelf.get('b')]).toEqual([bytes(1, 2, 3), undefined]);
  disk.freeBytes = Number.POSITIVE_INFINITY;
  shelf.put('b', bytes(4, 5, 6));
  expect(shelf.get('b')).toEqual(bytes(4, 5, 6));
  hoisted.dispose();
});
