import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '@attune/base';
import { displayPath, makeFolder, renameDurably, unwritable, writeAtomically } from '@attune/base/node';

/** Every name that an export of any format may have, but for shards of large weights. */
const exportedFiles = [
  'README.md',
  'adapter_config.json',
  'adapter_model.safetensors',
  'config.json',
  'example.mjs',
  'model.onnx',
  'model.safetensors',
  'model.safetensors.index.json',
  'tokenizer.json',
  'tokenizer_config.json',
];
const isExported = (name: string) => exportedFiles.includes(name) || /^model-\d{5}-of-\d{5}\.safetensors$/.test(name);

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
  const foreign = present.filter((name) => !isExported(name)).sort();
  if (force && foreign.length > 0) {
    const list = `${foreign.slice(0, 5).join(', ')}${foreign.length > 5 ? ', ...' : ''}`;
    throw new ConfigError(`${shown}: holds more than an earlier export (${list}); --force replaces exports only`);
  }
  if (!force && present.length > 0) {
    throw new ConfigError(`${shown}: is not empty; choose another --out, or replace an earlier export with --force`);
  }
}

/**
 * Has a folder written under a temporary name beside its place and renames it, so that it is whole or not there.
 *
 * @param write  fills the folder that it is given
 * @returns      bytes of all its files
 * @throws ConfigError when it cannot be written; what was there is untouched
 */
export async function writeFolder(folder: string, write: (partial: string) => Promise<void>): Promise<number> {
  const beside = (end: string) => join(dirname(folder), `.${basename(folder)}.${end}-${process.pid}`);
  const [partial, replaced] = [beside('partial'), beside('replaced')];
  try {
    await makeFolder(partial);
    await write(partial);
    const bytes = await totalBytes(partial);
    await swap(partial, folder, replaced);
    return bytes;
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {});
    throw notWritten(folder, error);
  }
}

/** A disk's refusal in words, whichever file of the folder met it; anything else as it says itself. */
function notWritten(folder: string, error: unknown): ConfigError {
  const { message, cause } = error as Error;
  const refusal = [error, cause].find((each) => (each as NodeJS.ErrnoException | undefined)?.code !== undefined);
  const { reason, advice } = unwritable(refusal);
  const told = refusal === undefined ? message : `${reason}; ${advice}`;
  return new ConfigError(`${displayPath(folder)}: cannot be written: ${told}`, { cause: error });
}

/** Writes files into a folder: content by name. @throws ConfigError when one cannot be written */
export async function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeAtomically(join(folder, name), content);
}

/** The text of a JSON file. */
export function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function totalBytes(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Puts a folder in the place of another, which goes; or leaves both as they were. */
async function swap(folder: string, place: string, aside: string): Promise<void> {
  await rename(place, aside).catch(ignoreAbsence);
  try {
    await renameDurably(folder, place);
  } catch (error) {
    await rename(aside, place).catch(ignoreAbsence);
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

function ignoreAbsence(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
