import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalog } from '../catalog.ts';
import { codeDirectory, repository } from '../places.ts';
import { dataFolder, dataOfCommand, pathOfCommand } from './command-paths.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-paths-'));
  mkdirSync(join(folder, 'reports/ranks'), { recursive: true });
  writeFileSync(join(folder, 'ranks.ts'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

it('finds what the command of a report names from here, or from the folder that has its reports', () => {
  const output = join(folder, 'reports/ranks');
  expect(pathOfCommand('ranks.ts', output)).toBe(join(folder, 'ranks.ts'));
  expect(pathOfCommand('package.json', output)).toBe(resolve('package.json'));
  expect(pathOfCommand('gone.ts', output)).toBe(resolve('gone.ts'));
  expect(dataOfCommand('built-in-world', output)).toBe('built-in-world');
});

it('finds data inside of what the catalogue names, and leaves paths as they are', () => {
  expect(existsSync(dataFolder('built-in-world/lama/stated'))).toBe(true);
  expect(dataFolder('__proto__/x')).toBe('__proto__/x');
  expect(dataFolder('../data')).toBe('../data');
});

it('has all folders of the catalogue in the repository', () => {
  expect(repository).toBeDefined();
  const folders = [catalog.models, catalog.data ?? {}, catalog.codeDirectories].flatMap((known) =>
    Object.values(known),
  );
  expect(folders.filter((each) => !existsSync(each))).toEqual([]);
  expect(codeDirectory('methods/lora')).toBe(join(repository!, 'packages/methods/lora/src'));
});
