import type { KeptValuesOptions } from '@attune/engine';

/** Where workers keep what depends on frozen weights and single examples alone. No result depends on it. */
export interface Hoisting {
  /** In memory, of all workers together; 1 GiB when absent. The rest goes to files. */
  readonly memoryBytes?: number;
  /** Absolute; the system's for temporary files when absent. */
  readonly directory?: string;
}

/** One worker's share; false: it keeps nothing. */
export type WorkerHoisting = KeptValuesOptions | false;

const defaultMemoryBytes = 2 ** 30;

/** Equal shares of the memory, the same folder for all: file names have the process's id. */
export function shareHoisting(hoisting: Hoisting | false, workers: number): WorkerHoisting {
  if (hoisting === false) return false;
  const { memoryBytes = defaultMemoryBytes, directory } = hoisting;
  return { memoryBytes: Math.floor(memoryBytes / workers), directory };
}
