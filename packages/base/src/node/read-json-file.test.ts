import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJsonFile } from './read-files.ts';

let file: string;
beforeAll(() => {
  file = join(mkdtempSync(join(tmpdir(), 'attune-json-')), 'settings.json');
});
afterAll(() => rmSync(join(file, '..'), { recursive: true }));

describe('readJsonFile', () => {
  it('gives what the file holds, with a byte-order mark or without', async () => {
    for (const mark of ['', '\ufeff']) {
      writeFileSync(file, `${mark}{"rank": 8}`);
      expect(await readJsonFile(file)).toEqual({ rank: 8 });
    }
  });

  it.each([
    ['not JSON', Buffer.from('{'), 'ConfigError: settings: not JSON: '],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'ConfigError: settings: not JSON: '],
  ])('refuses what is %s, by the name it is given', async (_, content, message) => {
    writeFileSync(file, content);
    await expect(readJsonFile(file, 'settings').catch(String)).resolves.toContain(message);
  });

  it('says which file is not there, and why', async () => {
    await expect(readJsonFile(`${file}.old`).catch(String)).resolves.toMatch(
      /^ConfigError: .*settings\.json\.old: cannot be read: ENOENT/,
    );
  });
});
