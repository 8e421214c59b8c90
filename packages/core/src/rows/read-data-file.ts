import { readFile } from 'node:fs/promises';
import { DatasetError } from '../errors.ts';

/** The bytes of a file of rows, for a task's `parseRows`. @throws DatasetError when it cannot be read */
export async function readDataFile(file: string): Promise<Uint8Array> {
  return readFile(file).catch((error: Error) => {
    throw new DatasetError(`${file}: cannot be read: ${error.message}`);
  });
}
