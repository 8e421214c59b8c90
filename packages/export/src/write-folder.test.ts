import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkFolder, jsonText, writeFiles, writeFolder } from './write-folder.ts';

let parent = '';
let folder = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'attune-folder-'));
  folder = join(parent, 'exported');
});
afterEach(() => rmSync(parent, { recursive: true }));

/** A folder with empty files of these names. */
function put(...names: string[]): void {
  mkdirSync(folder);
  for (const name of names) writeFileSync(join(folder, name), '');
}
const refusal = (force: boolean) =>
  checkFolder(folder, force).then(
    () => 'taken',
    (error: Error) => error.message,
  );

describe('a folder for an export', () => {
  test('is new or empty', async () => {
    expect([await refusal(false), await refusal(true)]).toEqual(['taken', 'taken']);
    put();
    expect([await refusal(false), await refusal(true)]).toEqual(['taken', 'taken']);
  });

  test('may hold an earlier export, shards too, when that is said', async () => {
    put('README.md', 'config.json', 'model-00001-of-00002.safetensors', 'model.safetensors.index.json');
    expect(await refusal(true)).toBe('taken');
    expect(await refusal(false)).toMatch(
      /exported: is not empty; choose another --out, or replace an earlier export with --force$/,
    );
  });

  test('is refused when it holds anything else, by the names of five', async () => {
    put('README.md', 'thesis.tex', 'model-1-of-2.safetensors', 'a', 'b', 'c', 'd');
    expect(await refusal(true)).toMatch(
      /exported: holds more than an earlier export \(a, b, c, d, model-1-of-2\.safetensors, \.\.\.\); --force replaces exports only$/,
    );
  });

  test('is no file', async () => {
    writeFileSync(folder, '');
    expect(await refusal(true)).toMatch(/exported: is a file; expected a new or empty folder$/);
  });
});

describe('writing a folder', () => {
  test('gives its bytes, and leaves nothing beside it', async () => {
    const bytes = await writeFolder(folder, (partial) => writeFiles(partial, { a: 'four', b: new Uint8Array(3) }));
    expect(bytes).toBe(7);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('four');
    expect(readdirSync(parent)).toEqual(['exported']);
  });

  test('replaces what was there as a whole', async () => {
    put('old');
    await writeFolder(folder, (partial) => writeFiles(partial, { new: jsonText({ rank: 8 }) }));
    expect(readdirSync(folder)).toEqual(['new']);
    expect(readFileSync(join(folder, 'new'), 'utf8')).toBe('{\n  "rank": 8\n}\n');
    expect(readdirSync(parent)).toEqual(['exported']);
  });

  test('that fails leaves what was there untouched', async () => {
    put('old');
    const failing = writeFolder(folder, async (partial) => {
      await writeFiles(partial, { half: 'written' });
      throw new Error('the disk is full');
    });
    await expect(failing).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/exported: cannot be written: the disk is full$/),
    });
    expect([readdirSync(parent), readdirSync(folder)]).toEqual([['exported'], ['old']]);
  });

  test('is not there at all when its place cannot be taken', async () => {
    const inside = join(parent, 'a-file', 'exported');
    writeFileSync(join(parent, 'a-file'), '');
    await expect(writeFolder(inside, async () => {})).rejects.toThrow(/a-file\/exported: cannot be written: ENOTDIR/);
    expect(existsSync(inside)).toBe(false);
  });
});
