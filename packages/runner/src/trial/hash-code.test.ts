import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashCode } from './hash-code.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-code-'));
  mkdirSync(join(folder, 'inner'));
  writeFileSync(join(folder, 'inner', 'a.ts'), 'export const a = 1;');
});
afterEach(() => rmSync(folder, { recursive: true }));

const hash = () => hashCode({ core: folder });

describe('hashCode', () => {
  it('does not see tests, declarations and other files', () => {
    const before = hash();
    for (const name of ['a.test.ts', 'a.d.ts', 'README.md']) writeFileSync(join(folder, name), 'anything');
    expect(hash()).toBe(before);
  });

  it('sees the bytes, the path and the package of a source file', () => {
    const hashes = [hash(), hashCode({ graph: folder })];
    writeFileSync(join(folder, 'inner', 'a.ts'), 'export const a = 2;');
    hashes.push(hash());
    writeFileSync(join(folder, 'b.ts'), '');
    hashes.push(hash());
    expect(new Set(hashes).size).toBe(4);
  });
});
