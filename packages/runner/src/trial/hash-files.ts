import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * sha256 over files: for each its name, size and bytes, in the order given. An absent file counts as absent, so a
 * hash changes when the file appears.
 */
export async function hashFiles(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) {
    const bytes = await readFile(file).catch(absent);
    hash.update(`${basename(file)}\0${bytes === undefined ? 'absent' : bytes.length}\0`);
    if (bytes !== undefined) hash.update(bytes);
  }
  return hash.digest('hex');
}

/** The files a model directory must have. */
export const requiredCheckpointFiles = ['config.json', 'tokenizer.json', 'model.safetensors'];

/** The files of a model directory that decide what it computes; the last may be absent. */
export function checkpointFiles(directory: string): string[] {
  return [...requiredCheckpointFiles, 'tokenizer_config.json'].map((name) => join(directory, name));
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
