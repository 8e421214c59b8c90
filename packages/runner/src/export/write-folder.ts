import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '@attune/core';
import { displayPath } from '../experiment/check-directories.ts';

export const exportedFiles = [
  'README.md',
  'config.json',
  'example.mjs',
  'model.onnx',
  'tokenizer.json',
  'tokenizer_config.json',
] as const;

export type ExportedFiles = Readonly<Record<(typeof exportedFiles)[number], Uint8Array | string>>;

/**
 * @param force  lets an earlier export be replaced, and nothing else
 * @throws ConfigError when the folder cannot take an export
 */
export async function checkFolder(folder: string, force: boolean): Promise<void> {
  const shown = displayPath(folder);
  const present = await readdir(folder).catch(({ code }: NodeJS.ErrnoException) => {
    if (code === 'ENOENT') return [];
    throw new ConfigError(`${shown}: ${code === 'ENOTDIR' ? 'is a file' : code}; expected a new or empty folder`);
  });
  const foreign = present.filter((name) => !(exportedFiles as readonly string[]).includes(name)).sort();
  if (force && foreign.length > 0) {
    const list = `${foreign.slice(0, 5).join(', ')}${foreign.length > 5 ? ', ...' : ''}`;
    throw new ConfigError(`${shown}: holds more than an earlier export (${list}); --force replaces exports only`);
  }
  if (!force && present.length > 0) {
    throw new ConfigError(`${shown}: is not empty; choose another --out, or replace an earlier export with --force`);
  }
}

/**
 * Writes the files under a temporary name beside the folder and renames it, so that the folder is whole or not there.
 *
 * @throws ConfigError when it cannot be written; what was there is untouched
 */
export async function writeFolder(folder: string, files: ExportedFiles): Promise<void> {
  const beside = (end: string) => join(dirname(folder), `.${basename(folder)}.${end}-${process.pid}`);
  const [partial, replaced] = [beside('partial'), beside('replaced')];
  try {
    await mkdir(partial, { recursive: true });
    for (const name of exportedFiles) await writeFile(join(partial, name), files[name]);
    await swap(partial, folder, replaced);
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {});
    throw new ConfigError(`${displayPath(folder)}: cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

/** Puts a folder in the place of another, which goes; or leaves both as they were. */
async function swap(folder: string, place: string, aside: string): Promise<void> {
  await rename(place, aside).catch(ignoreAbsence);
  try {
    await rename(folder, place);
  } catch (error) {
    await rename(aside, place).catch(ignoreAbsence);
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

function ignoreAbsence(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
