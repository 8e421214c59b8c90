import { stat } from 'node:fs/promises';
import { ConfigError, sha256Hex } from '@attune/base';
import { displayPath, readDataFile } from '@attune/base/node';
import { type FileHashes, hashFiles } from './hash-code.ts';

/** A file that is not what the trial's key was made of. Whatever came of it would be recorded under a wrong key. */
export class ChangedFileError extends ConfigError {}

/**
 * The bytes of a file of rows, read once: what is hashed is what will be parsed.
 *
 * @param hashes  of this file and others, by path; nothing is checked without them
 * @throws ChangedFileError when they are not what was hashed when the run was planned
 * @throws DatasetError when it cannot be read
 */
export async function unchangedBytes(file: string, hashes: FileHashes | undefined): Promise<Uint8Array> {
  const bytes = await readDataFile(file);
  if (hashes !== undefined && sha256Hex(bytes) !== hashes[file]) throw changedFiles([file]);
  return bytes;
}

/**
 * Reads a checkpoint and checks that what was read is what was hashed when the run was planned. Its files are too large
 * to be held as bytes and are read tensor by tensor, so they are hashed after it, and have to be as they were before it:
 * the same file, of the same time of change, which no program can set back.
 *
 * @param hashes  of these files and others, by path; nothing is checked without them
 * @throws ChangedFileError naming each file that differs, before any error of reading that came of it
 */
export async function readUnchanged<Value>(
  files: readonly string[],
  { hashes, read }: { readonly hashes: FileHashes | undefined; readonly read: () => Promise<Value> },
): Promise<Value> {
  if (hashes === undefined) return read();
  const before = await Promise.all(files.map(stateOf));
  const result = await read().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const { files: present } = await hashFiles(files);
  const after = await Promise.all(files.map(stateOf));
  const changed = files.filter((file, index) => present[file] !== hashes[file] || before[index] !== after[index]);
  if (changed.length > 0) throw changedFiles(changed);
  if ('error' in result) throw result.error;
  return result.value;
}

/** @throws ChangedFileError when a file came or went since the run was planned */
export function checkPresence(
  files: readonly { readonly file: string; readonly isThere: boolean }[],
  hashes: FileHashes,
): void {
  const changed = files.filter(({ file, isThere }) => isThere !== (hashes[file] !== 'absent'));
  if (changed.length > 0) throw changedFiles(changed.map(({ file }) => file));
}

function changedFiles(files: readonly string[]): ChangedFileError {
  const names = files.map(displayPath).join(', ');
  return new ChangedFileError(
    `${names}: changed while the run was going on; trials that were recorded are those of the old content, no other was ` +
      'recorded; run the same command again',
  );
}

/** What a file system says of a file, as text; it says something else after every change. */
async function stateOf(file: string): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
  return [ino, size, mtimeNs, ctimeNs].join(' ');
}
