import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatasetError } from '../errors.ts';

/** Names of one split in different releases, in the order in which they stand for one another. */
const synonyms: readonly string[] = ['val', 'validation', 'dev'];

/**
 * The file of a split, e.g. `<data>/BoolQ/val.jsonl`. Names of folders and files match in any case, and `val`,
 * `validation` and `dev` stand for one another, in this order; the exact name wins over all.
 *
 * @param folder  the task's, in the data directory
 * @param split   file name without `.jsonl`, or a path to one from the task's folder: `../RTE/train`
 * @returns       undefined when there is no such file
 * @throws DatasetError when several names match in another case and none exactly
 */
export function findSplitFile(data: string, folder: string, split: string): string | undefined {
  const path = [folder, ...split.split('/')];
  const name = path.pop()!;
  let place: string | undefined = data;
  for (const part of path) {
    if (part === '..') place = dirname(place);
    else if (part !== '' && part !== '.') place = findEntry(place, part);
    if (place === undefined) return undefined;
  }
  const names = synonyms.includes(name.toLowerCase()) ? [name, ...synonyms] : [name];
  for (const known of names) {
    const file = findEntry(place, `${known}.jsonl`);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** The entry of a folder by its name, exactly or else in any case; undefined when it is not there, or no folder is. */
function findEntry(folder: string, name: string): string | undefined {
  const alike = namesIn(folder).filter((entry) => entry.toLowerCase() === name.toLowerCase());
  const found = alike.find((entry) => entry === name) ?? alike[0];
  if (found === undefined) return undefined;
  if (alike.length > 1 && found !== name) {
    throw new DatasetError(
      `${folder}: expected one ${name} (in any case), found ${alike.join(' and ')}; keep one of them`,
    );
  }
  return join(folder, found);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
