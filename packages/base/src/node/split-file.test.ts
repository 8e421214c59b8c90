import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findSplitFile } from './split-file.ts';

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'attune-splits-'));
});
afterEach(() => rmSync(data, { recursive: true }));

function put(folder: string, ...files: string[]): void {
  mkdirSync(join(data, folder), { recursive: true });
  for (const file of files) writeFileSync(join(data, folder, file), '');
}

test('val, dev and validation are one, the exact name first', () => {
  put('CB', 'val.jsonl', 'train.jsonl');
  for (const split of ['val', 'dev', 'validation', 'Val']) {
    expect(findSplitFile(data, 'CB', split)).toBe(join(data, 'CB', 'val.jsonl'));
  }
  put('CB', 'dev.jsonl');
  expect(findSplitFile(data, 'CB', 'dev')).toBe(join(data, 'CB', 'dev.jsonl'));
  expect(findSplitFile(data, 'CB', 'validation')).toBe(join(data, 'CB', 'val.jsonl'));
  put('RTE', 'validation.jsonl');
  expect(findSplitFile(data, 'RTE', 'dev')).toBe(join(data, 'RTE', 'validation.jsonl'));
  put('RTE', 'dev.jsonl');
  expect(findSplitFile(data, 'RTE', 'val')).toBe(join(data, 'RTE', 'validation.jsonl'));
});

test('folders and files are found in any case, also on the way to another folder', () => {
  put('rte', 'Train.jsonl');
  put('ax-g', 'AX-G.jsonl');
  expect(findSplitFile(data, 'RTE', 'train')).toBe(join(data, 'rte', 'Train.jsonl'));
  expect(findSplitFile(data, 'AX-g', '../RTE/train')).toBe(join(data, 'rte', 'Train.jsonl'));
  expect(findSplitFile(data, 'AX-g', 'AX-g')).toBe(join(data, 'ax-g', 'AX-G.jsonl'));
});

test('what is not there is not found, and train32 is no train', () => {
  put('CB', 'train32.jsonl', 'dev32.jsonl');
  for (const split of ['train', 'dev', 'training', '../RTE/train']) {
    expect(findSplitFile(data, 'CB', split)).toBeUndefined();
  }
  expect(findSplitFile(join(data, 'nowhere'), 'CB', 'train')).toBeUndefined();
});

test('two that match alike are refused', () => {
  put('CB', 'VAL.jsonl', 'Val.jsonl');
  expect(() => findSplitFile(data, 'CB', 'val')).toThrow(
    `${join(data, 'CB')}: expected one val.jsonl (in any case), found VAL.jsonl and Val.jsonl; keep one of them`,
  );
  expect(findSplitFile(data, 'CB', 'Val')).toBe(join(data, 'CB', 'Val.jsonl'));
});
