import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boolq } from '../tasks/boolq.ts';
import { resolveSplitFile } from './resolve-split-file.ts';

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'attune-superglue-'));
});
afterEach(() => rmSync(data, { recursive: true }));

function put(folder: string, ...files: string[]): void {
  mkdirSync(join(data, folder));
  for (const file of files) writeFileSync(join(data, folder, file), '');
}

describe('resolveSplitFile', () => {
  it('finds the official names', () => {
    put('BoolQ', 'train.jsonl', 'val.jsonl', 'dev32.jsonl');
    expect(resolveSplitFile(data, boolq, 'train')).toBe(join(data, 'BoolQ', 'train.jsonl'));
    expect(resolveSplitFile(data, boolq, 'validation')).toBe(join(data, 'BoolQ', 'val.jsonl'));
    expect(resolveSplitFile(data, boolq, 'dev32')).toBe(join(data, 'BoolQ', 'dev32.jsonl'));
  });

  it('takes dev for val, and any case', () => {
    put('boolq', 'DEV.jsonl', 'train.jsonl');
    expect(resolveSplitFile(data, boolq, 'val')).toBe(join(data, 'boolq', 'DEV.jsonl'));
  });

  it('prefers the exact name', () => {
    put('BoolQ', 'dev.jsonl', 'val.jsonl');
    expect(resolveSplitFile(data, boolq, 'dev')).toBe(join(data, 'BoolQ', 'dev.jsonl'));
    expect(resolveSplitFile(data, boolq, 'val')).toBe(join(data, 'BoolQ', 'val.jsonl'));
  });

  it('gives undefined for a split that is not there', () => {
    put('BoolQ', 'train.jsonl');
    expect(resolveSplitFile(data, boolq, 'val')).toBeUndefined();
  });

  const expected = 'expected a folder "BoolQ" (in any case) holding files such as train.jsonl and val.jsonl';
  it('says what is wrong with a directory', () => {
    const missing = join(data, 'nowhere');
    expect(() => resolveSplitFile(missing, boolq, 'val')).toThrow(
      `${missing}: there is no such directory; ${expected}`,
    );
    expect(() => resolveSplitFile(data, boolq, 'val')).toThrow(`${data}: ${expected}; found an empty directory`);
    put('Bool', 'train.jsonl');
    put('CB');
    expect(() => resolveSplitFile(data, boolq, 'val')).toThrow(`${data}: ${expected}; found Bool, CB`);
  });

  it('says what is wrong with the files', () => {
    put('BoolQ', 'training.json', 'validation.json');
    expect(() => resolveSplitFile(data, boolq, 'train')).toThrow(
      `${join(data, 'BoolQ')}: expected train.jsonl; found training.json, validation.json`,
    );
  });
});
